package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.HeadTensor;
import io.flinkpeft.model.ModelHead;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where a head lies in a row: states that were written with it are read by later releases. */
class HeadLayoutTest {

    private static final AttachedMethod NONE = AttachedMethod.none(0);

    @Test
    void aLinearHeadIsItsWeightLabelByLabelThenItsBias() {
        ModelHead head = ModelHead.linear(List.of(), "classifier", 5);
        assertThat(RowLayout.of(NONE, head, 3).tensors().slots())
                .containsExactly(
                        new TensorLayout.Slot("classifier.weight", List.of(3, 5), 0),
                        new TensorLayout.Slot("classifier.bias", List.of(3), 15));
    }

    @Test
    void growthKeepsEveryTensorAndGivesNewLabelsZero() {
        var head =
                new ModelHead(
                        List.of(),
                        List.of(
                                HeadTensor.fixed("dense.bias", 2),
                                HeadTensor.perLabel("out.weight", 2),
                                HeadTensor.perLabel("out.bias")),
                        Set.of());
        RowLayout one = RowLayout.of(NONE, head, 1);
        float[] grown = one.grow(new float[] {1, 2, 3, 4, 5}, RowLayout.of(NONE, head, 2));
        assertThat(grown).containsExactly(1, 2, 3, 4, 0, 0, 5, 0);
        assertThat(one.groups()).containsExactly(5);
    }

    @Test
    void whatPeftSavesWholeIsTheOutermostModule() {
        var head =
                new ModelHead(
                        List.of(),
                        List.of(
                                HeadTensor.fixed("classifier.dense.weight", 2, 2),
                                HeadTensor.perLabel("classifier.out_proj.weight", 2)),
                        Set.of());
        assertThat(head.modules()).containsExactly("classifier");
        assertThat(head.firstPerLabel().name()).isEqualTo("classifier.out_proj.weight");
    }
}
