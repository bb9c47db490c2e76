package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.lora.LoraLayer;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against numbers of PEFT 0.21.0 for two tensors, and for two adapters of one layer. */
class LayerCombinerTest {

    private static NDManager manager;
    private static TorchProgram program;

    @BeforeAll
    static void compile() {
        manager = TorchRuntime.newManager(TorchDevice.CPU);
        program = Programs.compile(manager, "combine");
    }

    @AfterAll
    static void close() {
        program.close();
        manager.close();
    }

    /** {@code (((7 i) mod 11) - 5 + offset) * scale}, in single precision. */
    private static float[] filled(int size, float scale, int offset) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (7 * i % 11 - 5 + offset) * scale;
        }
        return values;
    }

    private static LoraLayer layer(int a, int b, double scale) {
        return new LoraLayer(
                "layer",
                false,
                TensorView.of("a", filled(8, .05f, a), 2, 4),
                TensorView.of("b", filled(6, .03f, b), 3, 2),
                Optional.empty(),
                Optional.empty(),
                scale);
    }

    private static double[] delta(CombinationType type, int rank) {
        var config =
                new CombinationConfig(
                        type,
                        OptionalDouble.of(.5),
                        MajoritySign.TOTAL,
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        0);
        try (var combiner = new LayerCombiner(config)) {
            return product(
                    combiner.combine(
                            List.of(
                                    new LayerCombiner.Weighted(layer(1, 2, 1.5), .7),
                                    new LayerCombiner.Weighted(layer(-2, 3, .5), -.3)),
                            false,
                            rank));
        }
    }

    private static double[] product(LayerCombiner.Factors factors) {
        float[] a = factors.a().toFloats();
        float[] b = factors.b().toFloats();
        int rank = Math.toIntExact(factors.a().shape().get(0));
        int in = a.length / rank;
        double[] product = new double[b.length / rank * in];
        for (int i = 0; i < product.length; i++) {
            for (int k = 0; k < rank; k++) {
                product[i] += (double) b[i / in * rank + k] * a[k * in + i % in];
            }
        }
        return product;
    }

    @ParameterizedTest
    @CsvSource({
        "LINEAR, 2, .0300703 -.0187688 .0363421 -.0124971 .0367356 .0000465 .0673073 .0306182"
                + " -.0133688 .0214921 -.0030471 .0318138",
        "CAT, 4, .029475 -.02115 .032175 -.01845 .025425 -.01305 .052425 .01395 -.01575 .017325"
                + " -.009 .024075",
        "SVD, 2, .0285331 -.0221739 .0323651 -.018342 .0258465 -.0125918 .0523399 .0139017"
                + " -.0167066 .0162851 -.0088069 .0241847",
        "TIES, 2, .0031994 -.0054096 .0160476 -.0114962 0 .0149176 .0394684 0 -.0016124 .0071435"
                + " .0036 .0057935",
        "TIES_SVD, 2, .0301977 -.01026 .0162512 -.0124339 .0012744 .0086917 .0549648 .0031401"
                + " -.0037512 .0024314 .0048634 .0020092",
        "MAGNITUDE_PRUNE, 2, .0063988 .0033559 .0392388 -.0229924 0 .0298353 .0789368 0 -.0032247"
                + " .0071435 .0036 .0115871",
        "MAGNITUDE_PRUNE_SVD, 2, .0279139 -.0192001 .0326088 -.0236644 .0033761 .0071643 .0547166"
                + " .004909 -.0067811 .0071126 .0051823 .0077544"
    })
    void twoAdaptersBecomeOneAsInPeft(CombinationType type, int rank, String expected) {
        String[] numbers = expected.split(" ");
        double[] values = new double[numbers.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.parseDouble(numbers[i]);
        }
        assertThat(delta(type, rank)).containsExactly(values, within(1e-6));
    }

    @Test
    void aHigherRankAddsZeros() {
        assertThat(delta(CombinationType.LINEAR, 7))
                .containsExactly(delta(CombinationType.LINEAR, 2), within(1e-9));
        assertThat(delta(CombinationType.SVD, 7))
                .containsExactly(delta(CombinationType.CAT, 4), within(1e-6));
    }

    private static float[] combined(int sparsity, int election, double density, long seed) {
        List<NDArray> tensors = new ArrayList<>();
        for (float[] values : new float[][] {{1, -2, 3, -4, 5, -6}, {-1.5f, 2, 1, 4, -1, -2}}) {
            tensors.add(manager.create(values, new Shape(2, 3)));
        }
        return program.infer(
                        manager,
                        "combine",
                        tensors.toArray(NDArray[]::new),
                        new double[] {.5, 2},
                        new long[] {sparsity, election},
                        density,
                        seed)
                .get(0)
                .toFloatArray();
    }

    @Test
    void valuesAreThinnedOutAsInPeft() {
        assertThat(combined(0, 0, 1, 0)).containsExactly(-2.5f, 3, 3.5f, 6, .5f, -7);
        assertThat(combined(1, 0, .5, 0)).containsExactly(0, 4, 0, 6, 2.5f, -7);
        assertThat(combined(1, 1, .5, 0)).containsExactly(0, 4, 0, 8, 2.5f, -3.5f);
        assertThat(combined(1, 2, .5, 0)).containsExactly(0, 4, 0, 8, 2.5f, -3.5f);
    }

    @Test
    void dareDrawsWhatTorchDrawsAfterManualSeed() {
        assertThat(combined(2, 0, .5, 0)).containsExactly(-5, 0, 7, -4, 1, -8);
        assertThat(combined(2, 0, .5, 1)).isNotEqualTo(combined(2, 0, .5, 0));
        assertThat(combined(2, 0, 1, 0)).isEqualTo(combined(0, 0, 1, 0));
    }
}
