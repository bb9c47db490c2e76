package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.method.ia3.Ia3Layer;
import io.flinkpeft.method.lora.LoraLayer;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.TensorView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against numbers of PEFT 0.21.0 for a layer of 4 inputs and 3 outputs. */
class WeightMergerTest {

    private static final TensorView W =
            TensorView.of(
                    "w",
                    new float[] {-.5f, .2f, -.2f, .5f, .1f, -.3f, .4f, 0, -.4f, .3f, -.1f, -.5f},
                    3,
                    4);
    private static final TensorView A =
            TensorView.of("a", new float[] {-.2f, .15f, -.05f, .3f, .1f, -.1f, .25f, .05f}, 2, 4);
    private static final TensorView B =
            TensorView.of("b", new float[] {-.09f, .12f, 0, .21f, .09f, -.03f}, 3, 2);

    private static final double[] LORA = {
        -0.455, 0.16175, -0.14825, 0.4685, 0.1315, -0.3315, 0.47875, 0.01575, -0.4315, 0.32475,
        -0.118, -0.46175
    };

    private static LoraLayer layer(double scale, boolean embedding, TensorView magnitude) {
        return new LoraLayer(
                "layer", embedding, A, B, Optional.empty(), Optional.ofNullable(magnitude), scale);
    }

    private static double[] merged(
            Rounding rounding, TensorView weight, LoraLayer layer, boolean t) {
        try (var merger = new WeightMerger(rounding)) {
            return doubles(
                    weight,
                    merger.weight(weight, layer.weight().orElseThrow(), t, layer.embedding()));
        }
    }

    private static double[] merged(TensorView weight, Ia3Layer layer, WeightMerger merger) {
        var step = layer.weight().orElseThrow();
        return doubles(weight, merger.weight(weight, step, false, false));
    }

    private static double[] doubles(TensorView like, ByteBuffer bytes) {
        float[] values = new TensorView(like.name(), like.dtype(), like.shape(), bytes).toFloats();
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void aMatrixIsAdded() {
        for (Rounding rounding : Rounding.values()) {
            assertThat(merged(rounding, W, layer(1.5, false, null), false))
                    .containsExactly(LORA, within(1e-6));
        }
    }

    @Test
    void aRankStabilisedScaleIsAScale() {
        assertThat(merged(Rounding.ONCE, W, layer(3 / Math.sqrt(2), false, null), false))
                .containsExactly(
                        new double[] {
                            -0.4363604, 0.1459063, -0.1268145, 0.4554523, 0.1445477, -0.3445477,
                            0.5113694, 0.0222739, -0.4445477, 0.3350018, -0.1254558, -0.4459063
                        },
                        within(1e-6));
    }

    @Test
    void aTransposedWeightGetsTheTransposedMatrix() {
        float[] w = W.toFloats();
        float[] columns = new float[12];
        double[] expected = new double[12];
        for (int i = 0; i < 12; i++) {
            columns[i % 4 * 3 + i / 4] = w[i];
            expected[i % 4 * 3 + i / 4] = LORA[i];
        }
        var transposed = TensorView.of("w", columns, 4, 3);
        assertThat(merged(Rounding.ONCE, transposed, layer(1.5, false, null), true))
                .containsExactly(expected, within(1e-6));
    }

    @Test
    void doraRescalesRows() {
        var magnitude = TensorView.of("m", new float[] {.7615773f, .509902f, .7141429f}, 3);
        assertThat(merged(Rounding.ONCE, W, layer(1.5, false, magnitude), false))
                .containsExactly(
                        new double[] {
                            -0.5029616, 0.1788001, -0.1638771, 0.5178846, 0.1122796, -0.2830472,
                            0.4087747, 0.0134479, -0.4278281, 0.3219865, -0.1169959, -0.4578207
                        },
                        within(1e-6));
    }

    @Test
    void ia3ScalesRowsOrColumnsAndTheBias() {
        var rows = TensorView.of("l", new float[] {.1f, .8f, .4f}, 3, 1);
        var bias = TensorView.of("b", new float[] {-.05f, .02f, -.02f}, 3);
        var columns = TensorView.of("l", new float[] {.1f, .8f, .4f, 1.1f}, 1, 4);
        try (var merger = new WeightMerger(Rounding.ONCE)) {
            var outputs = new Ia3Layer("layer", rows);
            assertThat(doubles(bias, merger.bias(bias, outputs.bias().orElseThrow())))
                    .containsExactly(new double[] {-0.005, 0.016, -0.008}, within(1e-7));
            assertThat(merged(W, outputs, merger))
                    .startsWith(new double[] {-.5f * .1f, .2f * .1f, -.2f * .1f, .5f * .1f});
            assertThat(merged(W, new Ia3Layer("layer", columns), merger))
                    .containsExactly(
                            new double[] {
                                -.05, .16, -.08, .55, .01, -.24, .16, 0, -.04, .24, -.04, -.55
                            },
                            within(1e-6));
        }
    }

    @Test
    void theWeightItselfStays() {
        float[] before = W.toFloats();
        merged(Rounding.ONCE, W, layer(1.5, false, null), false);
        assertThat(W.toFloats()).isEqualTo(before);
    }

    @Test
    void brokenValuesAreRefusedIfChecked() {
        float[] broken = B.toFloats();
        broken[3] = Float.NaN;
        var layer =
                new LoraLayer(
                        "layer",
                        false,
                        A,
                        TensorView.of("b", broken, 3, 2),
                        Optional.empty(),
                        Optional.empty(),
                        1);
        assertThat(merged(Rounding.ONCE, W, layer, false)).contains(Double.NaN);
        assertThatThrownBy(() -> merged(Rounding.TWICE_AND_CHECKED, W, layer, false))
                .hasMessage("Merged values of w must be finite. Maybe the adapter is broken.");
    }

    @Test
    void wholeNumbersCannotBeMerged() {
        var quantised = new TensorView("w", DType.I8, List.of(3L, 4L), ByteBuffer.allocate(12));
        assertThatThrownBy(() -> merged(Rounding.ONCE, quantised, layer(1, false, null), false))
                .hasMessage(
                        "Tensor w has type I8, must have one of [F16, BF16, F32] to be"
                                + " merged.");
    }
}
