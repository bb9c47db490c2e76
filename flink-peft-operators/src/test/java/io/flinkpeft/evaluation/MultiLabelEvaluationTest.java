package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MultiLabelEvaluationTest {

    private final MultiLabelEvaluation evaluation = new MultiLabelEvaluation();

    /** As scikit-learn counts: a has 2 right of 2 and 2, b 0 of 1 and 1, c 1 of 2 and 1. */
    @Test
    void measuresAreThoseOfTheCounts() {
        evaluation.add("a", "a");
        evaluation.add("a\nc", "c\na");
        evaluation.add("b", "c");
        evaluation.add("", "b");
        assertThat(evaluation.values().get("subset-accuracy")).isEqualTo(0.5);
        assertThat(evaluation.values().get("micro-f1")).isCloseTo(2.0 * 3 / (5 + 4), within(1e-12));
        assertThat(evaluation.values().get("macro-f1"))
                .isCloseTo((1 + 0 + 2.0 / 3) / 3, within(1e-12));
    }

    @Test
    void noLabelMayBeRight() {
        evaluation.add("", "");
        assertThat(evaluation.values())
                .isEqualTo(Map.of("subset-accuracy", 1.0, "micro-f1", 1.0, "macro-f1", 1.0));
        evaluation.add(null, "");
        assertThat(evaluation.values().get("subset-accuracy")).isEqualTo(0.5);
    }
}
