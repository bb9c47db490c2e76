package io.flinkpeft.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RegressionEvaluationTest {

    private final RegressionEvaluation evaluation = new RegressionEvaluation();

    /** Against scipy.stats.pearsonr and the formulas by hand. */
    @Test
    void errorsAndCorrelationAreThoseOfTheNumbers() {
        evaluation.add("1.0", "2");
        evaluation.add("2.0", "2.5");
        evaluation.add("4.0", "3");
        assertThat(evaluation.values().get("mse")).isCloseTo(2.25 / 3, within(1e-12));
        assertThat(evaluation.values().get("mae")).isCloseTo(2.5 / 3, within(1e-12));
        assertThat(evaluation.values().get("pearson")).isCloseTo(0.9819805060619656, within(1e-12));
    }

    @Test
    void severalNumbersAreMeasuredEach() {
        evaluation.add("1 10", "1 -10");
        evaluation.add("2 20", "2 -20");
        assertThat(evaluation.values().get("pearson")).isCloseTo(0, within(1e-12));
        assertThat(evaluation.values().get("mse")).isCloseTo((400 + 1600) / 4.0, within(1e-12));
    }

    @Test
    void whatDoesNotVaryCorrelatesWithNothing() {
        evaluation.add("1", "1");
        evaluation.add("1", "2");
        assertThat(evaluation.values().get("pearson")).isNaN();
        assertThat(evaluation.values().get("mse")).isEqualTo(0.5);
    }

    @Test
    void whatWasNotPredictedIsLeftOut() {
        evaluation.add(null, "1");
        assertThat(evaluation.values()).isEmpty();
        assertThatThrownBy(() -> evaluation.add("1", "many")).hasMessageContaining("(many)");
        assertThatThrownBy(() -> evaluation.add("1", "1 2")).hasMessageContaining("must be 1");
    }
}
