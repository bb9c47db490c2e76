package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerEvaluationTest {

    @Test
    void exactMatchAndF1AreMeansOverTheAnswers() {
        var evaluation = new AnswerEvaluation();
        assertThat(evaluation.values()).isEmpty();
        evaluation.add("The north!", "north");
        evaluation.add("cold north", "the cold wind");
        evaluation.add(null, "rain");
        assertThat(evaluation.values()).isEqualTo(Map.of("exact-match", 1.0 / 3, "f1", 0.5));
    }
}
