package io.flinkpeft.flink.config;

import static io.flinkpeft.flink.config.PublicationPolicy.Decision.CUT;
import static io.flinkpeft.flink.config.PublicationPolicy.Decision.NOT_DUE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.flink.config.PublicationPolicy.Candidate;
import io.flinkpeft.flink.config.PublicationPolicy.Decision;
import io.flinkpeft.flink.config.PublicationPolicy.Occasion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EveryStepsTest {

    /** Of an adapter that began at step 2 and has its newest version from step 5. */
    private static Candidate candidate(Occasion occasion, long step, int examples) {
        var statistics = PrequentialStatistics.NONE;
        for (int i = 0; i < examples; i++) {
            statistics = statistics.plus(true, 1);
        }
        return new Candidate(
                occasion, step, 2, 5, statistics, PrequentialStatistics.NONE.plus(false, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "STEP, 8, 4, CUT",
        "STEP, 7, 4, NOT_DUE", // no multiple, counted from where it began
        "STEP, 5, 4, NOT_DUE", // nothing since its newest version
        "STEP, 8, 3, NOT_DUE", // too few examples
        "END, 7, 4, CUT",
        "END, 5, 4, NOT_DUE",
        "END, 7, 3, NOT_DUE",
    })
    void aVersionIsDueAtMultiplesAndAtTheEnd(
            Occasion occasion, long step, int examples, Decision decision) {
        assertThat(new EverySteps(3, 4).decide(candidate(occasion, step, examples)))
                .isEqualTo(decision);
    }

    @Test
    void aCandidateCountsWhatNoVersionHas() {
        assertThat(candidate(Occasion.STEP, 8, 4).examplesSince()).isEqualTo(3);
    }

    @Test
    void aPolicyAroundItMayHoldWhatIsDue() {
        PublicationPolicy never =
                c -> EverySteps.DEFAULT.decide(c) == CUT ? Decision.HOLD : NOT_DUE;
        assertThat(never.decide(candidate(Occasion.END, 7, 4))).isEqualTo(Decision.HOLD);
        assertThat(never.decide(candidate(Occasion.END, 5, 4))).isEqualTo(NOT_DUE);
    }

    @Test
    void itHasBounds() {
        assertThatThrownBy(() -> new EverySteps(0, 1))
                .hasMessage("publish.every-steps (0) must be at least 1.");
        assertThatThrownBy(() -> new EverySteps(1, 0))
                .hasMessage("publish.min-examples (0) must be at least 1.");
    }
}
