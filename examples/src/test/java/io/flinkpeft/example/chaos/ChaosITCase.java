package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.example.wordnet.WordNet;
import io.flinkpeft.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed. */
class ChaosITCase {

    static final String TINY_BERT =
            "../flink-peft-operators/src/test/resources/golden/tiny-bert-cls";

    private static final Path LOGGING = Path.of("chaos/log4j2.properties");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path work;

    @Test
    @Timeout(600)
    void aScheduleGivesTheBytesOfTheCleanRun() throws Exception {
        assertThat(run(1, "--seed", "20", "--versions", "4", "--model", TINY_BERT)).isZero();
    }

    @Test
    @Tag("nightly")
    void tenSchedulesGiveTheBytesOfTheCleanRun() throws Exception {
        assertThat(run(10)).isZero();
    }

    /** A held JVM has time to write its report; the threads beside go on meanwhile. */
    @Test
    @Tag("nightly")
    void crashesOfTheJvmGiveTheBytesOfTheCleanRun() throws Exception {
        var workload =
                new Workload(Path.of(TINY_BERT).toRealPath().toString(), 4, WordNet.glosses());
        var faults =
                List.of(
                        crash(Moment.ANY_TIME, false, Victim.TASK_MANAGER_0, Victim.TASK_MANAGER_1),
                        crash(Moment.SNAPSHOT, false),
                        crash(Moment.COMMIT, false),
                        crash(Moment.RESTORE, true),
                        crash(Moment.ANY_TIME, false, Victim.JOB_MANAGER));
        try (var runner = new Runner(work, LOGGING.toAbsolutePath(), workload)) {
            var outcome = runner.run(new Schedule(0, 2, faults), Results.in(work));

            assertThat(outcome.isIdentical()).as(outcome.line()).isTrue();
            assertThat(outcome.faults()).hasSize(5).allMatch(hit -> hit.text().contains("SIGSEGV"));
        }
        assertThat(crashReports())
                .hasSizeGreaterThanOrEqualTo(6)
                .allSatisfy(report -> assertThat(report).content().contains("SIGSEGV"));
    }

    private static Fault crash(Moment moment, boolean again, Victim... others) {
        boolean holder = moment != Moment.ANY_TIME;
        return new Fault(again, 1, 300, moment, 0, holder, List.of(others), 0, Signal.SEGV);
    }

    private List<Path> crashReports() throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            return files.filter(
                            file ->
                                    file.getFileName()
                                            .toString()
                                            .startsWith(JavaProcess.CRASH_REPORT))
                    .toList();
        }
    }

    private int run(int schedules, String... more) {
        String[] args = {
            "--schedules",
            Integer.toString(schedules),
            "--work",
            work.toString(),
            "--logging",
            LOGGING.toString()
        };
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return Chaos.execute(all.toArray(String[]::new));
    }
}
