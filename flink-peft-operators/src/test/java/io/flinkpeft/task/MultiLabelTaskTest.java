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

class MultiLabelTaskTest {

    private static final MultiLabelTask TASK = new MultiLabelTask();

    private static ExampleContent example(String labels) {
        return ExampleContent.labelled("soup", labels);
    }

    @Test
    void anExampleHasItsLabelsALineEach() {
        assertThat(TASK.labels(example("not safe\nspam"))).containsExactly("not safe", "spam");
        assertThat(TASK.labels(example(""))).isEmpty();
        assertThat(TASK.learnsFrom(example(""))).isTrue();
        assertThat(TASK.learnsFrom(example(null))).isFalse();
        assertThat(TASK.refusal(example("a\nb"), List.of())).isEmpty();
        assertThat(TASK.refusal(example("a\nb\na"), List.of()))
                .contains("Labels [a, b, a] must be different.");
    }

    @Test
    void theLossIsTheMeanOfBinaryCrossEntropies() {
        ModelInput input =
                new ModelInput(Tokens.of(1), new int[0], new long[1])
                        .about(Optional.of(new float[] {1, 0}), 2);
        double expected = -Math.log(1 / (1 + Math.exp(-2))) - Math.log(1 - 1 / (1 + Math.exp(1)));
        assertThat(TASK.loss(input, new float[][] {{2, -1}})).isCloseTo(expected / 2, within(1e-9));
        assertThat(TASK.loss(input, new float[][] {{1000, 1000}})).isEqualTo(500);
    }

    @Test
    void allLabelsAndNoOtherAreRight() {
        assertThat(TASK.correct("a\nb", "b\na")).isTrue();
        assertThat(TASK.correct("a", "a\nb")).isFalse();
        assertThat(TASK.correct("", "")).isTrue();
        assertThat(TASK.correct(null, "")).isFalse();
    }

    @Test
    void theProblemTypeOfACheckpointIsItsTask() throws Exception {
        ModelDirectory labels = TinyModels.gridModel("bert-labels");
        assertThat(Tasks.of(TASK.peftType(), labels)).isEqualTo(TASK);
        TASK.check(labels, "trained");
        assertThatThrownBy(() -> new RegressionTask().check(labels, "trained"))
                .hasMessageContaining("problem_type (multi_label_classification), must have regr");
        assertThatThrownBy(() -> new CheckpointTask().check(labels, "trained"))
                .hasMessageContaining("must have single_label_classification");
    }
}
