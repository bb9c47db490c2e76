package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    private static final Workload WORKLOAD = new Workload("dir/tiny", 3, List.of());
    private static final Outcome.Hit HIT =
            new Outcome.Hit("1.0 s: broker killed inside commit", "COMMIT", true, false, 2.5);

    @TempDir private Path directory;

    private static Outcome outcome(long seed, Difference difference) {
        return new Outcome(WORKLOAD.name(), seed, 2, List.of(HIT), 12.5, difference, null);
    }

    @Test
    void aRunnerThatIsStartedAgainKnowsWhatWasRun() throws Exception {
        var outcome = outcome(5, Difference.NONE);
        Results.in(directory).add(outcome);

        assertThat(Results.in(directory).of(WORKLOAD, 5)).contains(outcome);
        assertThat(Results.in(directory).of(WORKLOAD, 6)).isEmpty();
        assertThat(Results.in(directory).of(new Workload("dir/tiny", 4, List.of()), 5)).isEmpty();
    }

    @Test
    void theCleanRunIsKept() throws Exception {
        var clean =
                new Observed(
                        Map.of("a@2", List.of("x")),
                        Map.of("a", List.of(2L)),
                        Map.of("adapter of a", "s"));
        Results.in(directory).keepClean(WORKLOAD, clean);

        assertThat(Results.in(directory).clean(WORKLOAD)).contains(clean);
    }

    @Test
    void aLineSaysWhatHitAndWhatDiffers() {
        var lost = new Difference(List.of("a@2"), List.of(), List.of(), List.of(), List.of());

        assertThat(outcome(5, lost).line())
                .contains("seed 5  DIFFERENT  lost 1", "recovery 2.5 s", HIT.text(), "a@2");
        assertThat(outcome(5, Difference.NONE).line()).contains("seed 5  identical  lost 0");
    }

    @Test
    void theTableCountsSchedulesAndFaults() {
        var lost = new Difference(List.of("a@2"), List.of(), List.of(), List.of(), List.of());
        String table = Results.table(List.of(outcome(1, Difference.NONE), outcome(2, lost)));

        assertThat(table)
                .contains("| inside commit | 2 | 2 | 0 |")
                .contains("2 schedules: 1 identical, 1 different, 0 unfinished; 1 versions lost");
    }
}
