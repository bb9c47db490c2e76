package io.flinkpeft.merge;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.TensorView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Merges adapters into weights, a weight at a time, in libtorch. A result has the type of its
 * weight and is computed from the weight as it is given. One thread.
 */
final class WeightMerger implements AutoCloseable {

    private final NDManager manager = TorchRuntime.newManager(TorchDevice.CPU);
    private final TorchProgram program = Programs.compile(manager, "merge");
    private final InputBuffer buffer = new InputBuffer();
    private final boolean checked;
    private NDManager scope = manager.newSubManager();

    WeightMerger(Rounding rounding) {
        this.checked = rounding == Rounding.TWICE_AND_CHECKED;
    }

    /** {@code W + s B A}, or with DoRA's lengths {@code m (W + s B A) / |W + s B A|}. */
    ByteBuffer lora(TensorView weight, LoraLayer layer, boolean transposed) {
        begin();
        NDArray a = floats(layer.a(), layer.a().dimensions());
        NDArray b = floats(layer.b(), layer.b().dimensions());
        if (layer.magnitude().isPresent()) {
            TensorView m = layer.magnitude().get();
            NDArray magnitude = floats(m, m.dimensions());
            return run("dora", weight, a, b, magnitude, layer.scale(), transposed);
        }
        // of an embedding PEFT always rounds the change first
        boolean twice = checked || layer.embedding();
        return run("lora", weight, a, b, layer.scale(), transposed, twice);
    }

    /** {@code W + alpha B diag(E) A / (r + 1e-5)}; PEFT rounds the sum once in any case. */
    ByteBuffer adalora(TensorView weight, AdaLoraLayer layer, boolean transposed) {
        begin();
        NDArray a = floats(layer.a(), layer.a().dimensions());
        NDArray e = floats(layer.e(), layer.e().dimensions());
        NDArray b = floats(layer.b(), layer.b().dimensions());
        // PEFT keeps the rank in fp32 and adds to it there
        double rank = layer.initialRank() + 1e-5f;
        return run("adalora", weight, a, e, b, layer.alpha(), rank, transposed);
    }

    /** {@code b + s b_B}. */
    ByteBuffer bias(TensorView bias, TensorView own, double scale) {
        begin();
        return run("bias", bias, floats(own, own.dimensions()), scale);
    }

    /** {@code l W}, the vector in the shape that broadcasts. */
    ByteBuffer ia3(TensorView weight, TensorView vector, long... shape) {
        begin();
        return run("ia3", weight, floats(vector, shape));
    }

    private void begin() {
        scope.close();
        scope = manager.newSubManager();
        buffer.clear();
    }

    private NDArray floats(TensorView tensor, long... shape) {
        return buffer.floats(scope, tensor.toFloats(), shape);
    }

    private ByteBuffer run(String method, TensorView weight, Object... more) {
        long type = code(weight);
        var args = new ArrayList<Object>();
        args.add(floats(weight, weight.dimensions()));
        args.add(type);
        args.addAll(Arrays.asList(more));
        List<NDArray> result = program.infer(scope, method, args.toArray());
        if (checked && result.get(1).toFloatArray()[0] == 0) {
            throw new IllegalArgumentException(
                    "Merged values of "
                            + weight.name()
                            + " must be finite. Maybe the adapter is broken.");
        }
        float[] values = result.get(0).toFloatArray();
        // exact: libtorch has rounded the values to the type
        return TensorView.of(weight.name(), values, weight.dimensions()).as(weight.dtype()).data();
    }

    /** The type of a tensor of the base, if it is one that can be merged. */
    static DType checkedType(TensorView tensor) {
        code(tensor);
        return tensor.dtype();
    }

    /** libtorch's number of the type. */
    private static long code(TensorView tensor) {
        return switch (tensor.dtype()) {
            case F16 -> 5;
            case F32 -> 6;
            case BF16 -> 15;
            default ->
                    throw new IllegalArgumentException(
                            "Tensor "
                                    + tensor.name()
                                    + " has type "
                                    + tensor.dtype()
                                    + ", must have one of "
                                    + List.of(DType.F16, DType.BF16, DType.F32)
                                    + " to be merged.");
        };
    }

    @Override
    public void close() {
        scope.close();
        program.close();
        manager.close();
    }
}
