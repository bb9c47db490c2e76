package io.flinkpeft.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.event.ExampleContent;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionTaskTest {

    private static final RegressionTask TASK = new RegressionTask();
    private static final List<String> TWO = List.of("stars", "warmth");

    private static ExampleContent example(String target) {
        return new ExampleContent("soup", null, null, target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2 3", "1 x", "1 NaN", "Infinity 0", "1e39 0", "1  2"})
    void aTargetMustBeAFiniteNumberForEachOutput(String target) {
        assertThat(TASK.refusal(example(target), TWO))
                .contains(
                        "Target ("
                                + target
                                + ") must be a finite number for each of [stars, warmth].");
    }

    @Test
    void numbersAreTakenAsTheyAreWritten() {
        assertThat(TASK.refusal(example("-1.5 2e-3"), TWO)).isEmpty();
        assertThat(TASK.refusal(example(null), TWO)).isEmpty();
        assertThat(TASK.learnsFrom(example("1"))).isTrue();
        assertThat(TASK.learnsFrom(ExampleContent.labelled("soup", "1"))).isFalse();
    }

    @Test
    void theLossIsTheMeanSquaredError() {
        ModelInput input =
                new ModelInput(Tokens.of(1), new int[0], new long[1])
                        .about(Optional.of(new float[] {1, -2}), 2);
        assertThat(TASK.loss(input, new float[][] {{4, -2.5f}}))
                .isCloseTo((9 + 0.25) / 2, within(1e-12));
        assertThat(((Targets.Numbers) TASK.targets(List.of(input))).values())
                .containsExactly(1, -2);
        ModelInput unknown = input.about(Optional.empty(), 2);
        assertThat(TASK.loss(unknown, new float[][] {{4, -2.5f}})).isNaN();
        assertThat(TASK.weights(List.of(input, unknown))).containsExactly(1, 0);
    }

    @Test
    void aPredictionIsItsNumbers() {
        Numbers numbers = new Numbers(TWO, new float[] {1.5f, -2}, false);
        assertThat(numbers.predicted()).isEqualTo("1.5 -2.0");
        assertThat(numbers.score()).isNaN();
        assertThat(new Numbers(TWO, new float[] {1, Float.NaN}, false).predicted()).isNull();
    }

    @Test
    void theProblemTypeOfACheckpointIsItsTask() throws Exception {
        ModelDirectory regression = TinyModels.gridModel("bert-regression");
        assertThat(Tasks.of(TASK.peftType(), regression)).isEqualTo(TASK);
        TASK.check(regression, "trained");
        ModelDirectory classes = TinyModels.gridModel("bert");
        assertThat(Tasks.of(TASK.peftType(), classes)).isEqualTo(new CheckpointTask());
        assertThatThrownBy(() -> new CheckpointTask().check(regression, "trained"))
                .hasMessageContaining("has problem_type (regression), must have single_label");
    }
}
