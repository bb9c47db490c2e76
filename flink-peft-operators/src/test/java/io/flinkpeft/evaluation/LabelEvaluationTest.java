package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelEvaluationTest {

    /** What scikit-learn says: {@code f1_score(expected, predicted, average="macro")}. */
    @Test
    void accuracyAndMacroF1AreThoseOfScikitLearn() {
        var evaluation = new LabelEvaluation();
        for (String pair : "a a,a a,b a,b b,c b,a c,b b,c c,d a".split(",")) {
            evaluation.add(pair.substring(0, 1), pair.substring(2));
        }
        // of a: precision 2/3, recall 2/4; of b: 2/3, 2/3; of c: 1/2, 1/2; d was never expected
        assertThat(evaluation.values().get("accuracy")).isCloseTo(5.0 / 9, within(1e-12));
        assertThat(evaluation.values().get("macro-f1"))
                .isCloseTo((4.0 / 7 + 2.0 / 3 + 0.5 + 0) / 4, within(1e-12));
    }

    @Test
    void nothingPredictedIsWrong() {
        var evaluation = new LabelEvaluation();
        assertThat(evaluation.values()).isEmpty();
        evaluation.add("a", "a");
        evaluation.add(null, "a");
        assertThat(evaluation.values()).isEqualTo(Map.of("accuracy", 0.5, "macro-f1", 2.0 / 3));
    }

    @Test
    void eachWordCounts() {
        var evaluation = new WordEvaluation();
        evaluation.add("PERSON O O", "PERSON O O PLACE");
        evaluation.add(null, "O");
        assertThat(evaluation.values())
                .isEqualTo(Map.of("accuracy", 0.6, "macro-f1", (1 + 0.8 + 0) / 3));
    }
}
