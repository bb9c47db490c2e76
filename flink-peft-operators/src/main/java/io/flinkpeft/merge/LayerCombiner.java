package io.flinkpeft.merge;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.lora.LoraLayer;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Combines the LoRA layers that adapters have at one place, in libtorch. One thread. */
final class LayerCombiner implements AutoCloseable {

    private final CombinationConfig config;
    private final NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
    private final TorchProgram program = Programs.compile(manager, "combine");
    private final InputBuffer buffer = new InputBuffer();

    LayerCombiner(CombinationConfig config) {
        this.config = config;
    }

    /** A layer and its adapter's weight. */
    record Weighted(LoraLayer layer, double weight) {

        /** PEFT shares weight and scale between A and B, and leaves the sign to A. */
        double root() {
            return Math.sqrt(Math.abs(weight * layer.scale()));
        }

        double signedRoot() {
            return weight * layer.scale() >= 0 ? root() : -root();
        }
    }

    /** A and B of the result. */
    record Factors(TensorView a, TensorView b) {}

    /**
     * Combines.
     *
     * @param layers of one module, in the order of the adapters
     * @param transposed whether the model keeps the weight as {@code [in, out]}
     * @param rank of the result; factors of a lower one get zeros
     */
    Factors combine(List<Weighted> layers, boolean transposed, int rank) {
        String module = layers.get(0).layer().module();
        buffer.clear();
        try (NDManager scope = manager.newSubManager()) {
            NDArray[] a = floats(scope, layers, LoraLayer::a);
            NDArray[] b = floats(scope, layers, LoraLayer::b);
            double[] weights = doubles(layers, Weighted::weight);
            double[] scales = doubles(layers, w -> w.layer().scale());
            long[] modes = modes();
            double density = config.density().orElse(1);
            long r = rank;
            List<NDArray> result =
                    switch (config.type().split()) {
                        case FACTORS ->
                                program.infer(
                                        scope,
                                        "factors",
                                        a,
                                        b,
                                        doubles(layers, Weighted::signedRoot),
                                        doubles(layers, Weighted::root),
                                        modes,
                                        density,
                                        seed(module, "A"),
                                        seed(module, "B"),
                                        r);
                        case CONCATENATED ->
                                program.infer(scope, "concatenate", a, b, weights, scales, r);
                        case SVD ->
                                program.infer(
                                        scope,
                                        "decompose",
                                        a,
                                        b,
                                        weights,
                                        scales,
                                        transposed,
                                        modes,
                                        density,
                                        seed(module, "delta"),
                                        r,
                                        config.svdClamp().orElse(-1));
                    };
            LoraLayer first = layers.get(0).layer();
            return new Factors(
                    TensorView.of(first.a().name(), result.get(0).toFloatArray(), r, first.in()),
                    TensorView.of(first.b().name(), result.get(1).toFloatArray(), first.out(), r));
        }
    }

    private long seed(String module, String part) {
        return Seeds.derive(config.seed(), module, part);
    }

    private long[] modes() {
        long election = config.type().election() ? 1 + config.majoritySign().ordinal() : 0;
        return new long[] {config.type().sparsity().ordinal(), election};
    }

    private NDArray[] floats(
            NDManager scope, List<Weighted> layers, Function<LoraLayer, TensorView> part) {
        return layers.stream()
                .map(weighted -> part.apply(weighted.layer()))
                .map(tensor -> buffer.floats(scope, tensor.toFloats(), tensor.dimensions()))
                .toArray(NDArray[]::new);
    }

    private static double[] doubles(List<Weighted> layers, ToDoubleFunction<Weighted> value) {
        return layers.stream().mapToDouble(value).toArray();
    }

    @Override
    public void close() {
        program.close();
        manager.close();
    }
}
