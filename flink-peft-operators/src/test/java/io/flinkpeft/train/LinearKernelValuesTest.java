package io.flinkpeft.train;

import static io.flinkpeft.train.KernelFunctions.filler;
import static io.flinkpeft.train.KernelFunctions.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import org.junit.jupiter.api.Test;

/** The formulas on one small layer, against values that PEFT 0.21.0 computed. */
class LinearKernelValuesTest {

    private static final String APPLY =
            """
            def apply(self, params: List[Tensor], param_index: List[int], scale: float, method_constants: List[float], x: Tensor, w: Tensor, b: Tensor) -> List[Tensor]:
              adapters = __torch__.Adapters(params, len(params), [2], [2], 0, param_index, [scale], method_constants, 0., annotate(List[int], []))
              return [self.linear(__torch__.Linear(w, b, 0), x, adapters), self.regularized(torch.sum(torch.zeros_like(b)), 0, adapters)]
            """;

    private NDArray a(NDManager m) {
        return matrix(m, filler(8, 0.05f, 1), 4);
    }

    private NDArray b(NDManager m) {
        return matrix(m, filler(6, 0.03f, 2), 2);
    }

    private interface Parts {
        NDArray[] of(NDManager manager);
    }

    private static void assertOutput(
            String text, double scale, long[] slots, Parts parts, double... expected) {
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
                TorchProgram program =
                        KernelFunctions.program(
                                manager, APPLY, "batch", "own_keys", "plain_loss", text)) {
            NDArray y =
                    program.infer(
                                    manager,
                                    "apply",
                                    parts.of(manager),
                                    slots,
                                    scale,
                                    new double[0],
                                    matrix(manager, filler(8, 0.2f, 0), 4),
                                    matrix(manager, filler(12, 0.1f, 0), 4),
                                    manager.create(filler(3, 0.01f, 0)))
                            .get(0);
            assertThat(BertTwin.doubles(y.toFloatArray())).containsExactly(expected, within(2e-6));
        }
    }

    @Test
    void lora() {
        double[] expected = {0.9975, -0.41985, 0.12685, -0.35665, 0.6282, -0.39555};
        long[] slots = {0, 1};
        Parts parts = m -> new NDArray[] {a(m), b(m)};
        assertOutput("lora", 1.5, slots, parts, expected);
        assertOutput("lora_optimizer", 1.5, slots, parts, expected);
    }

    @Test
    void dora() {
        float[] norms = {0.7615773f, 0.509902f, 0.7141429f};
        assertOutput(
                "dora",
                1.5,
                new long[] {0, 1, 2},
                m -> new NDArray[] {a(m), b(m), m.create(norms)},
                1.1079171,
                -0.3555604,
                0.1256004,
                -0.388974,
                0.539304,
                -0.3923542);
    }

    @Test
    void ia3ScalesOutputs() {
        float[] l = {0.1f, 0.8f, 0.4f};
        assertOutput(
                "ia3",
                0,
                new long[] {0, -1},
                m -> new NDArray[] {matrix(m, l, 1)},
                0.111,
                -0.288,
                0.016,
                -0.043,
                0.432,
                -0.144);
    }

    @Test
    void ia3ScalesInputsOfFeedForwardLayers() {
        float[] l = {0.1f, 0.8f, 0.4f, 1.1f};
        assertOutput(
                "ia3",
                0,
                new long[] {-1, 0},
                m -> new NDArray[] {matrix(m, l, 4)},
                0.646,
                -0.15,
                -0.418,
                -0.22,
                0.294,
                -0.204);
    }

    @Test
    void adaLoraAndItsRegulariser() {
        try (NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
                TorchProgram program =
                        KernelFunctions.program(manager, APPLY, "batch", "own_keys", "adalora")) {
            var result =
                    program.infer(
                            manager,
                            "apply",
                            new NDArray[] {
                                a(manager), matrix(manager, new float[] {2, -1}, 1), b(manager)
                            },
                            new long[] {0, 1, 2},
                            3 / (2 + 1e-5),
                            new double[] {0.85, 0.85, 0.5, 1},
                            matrix(manager, filler(8, 0.2f, 0), 4),
                            matrix(manager, filler(12, 0.1f, 0), 4),
                            manager.create(filler(3, 0.01f, 0)));
            assertThat(BertTwin.doubles(result.get(0).toFloatArray()))
                    .containsExactly(
                            new double[] {
                                0.9876006, -0.3001503, 0.1880493, -0.434500, 0.4518005, -0.3932999
                            },
                            within(2e-6));
            assertThat((double) result.get(1).getFloat()).isCloseTo(0.6518931, within(1e-6));
        }
    }
}
