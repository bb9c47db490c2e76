package io.flinkpeft.merge;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.method.codec.MergeStep;
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

    /**
     * The weight with a change.
     *
     * @param transposed whether the weight is kept as {@code [in, out]}
     * @param embedding whether it is an embedding's
     */
    ByteBuffer weight(TensorView weight, MergeStep step, boolean transposed, boolean embedding) {
        // of an embedding PEFT always rounds the change first
        boolean twice = checked || embedding;
        return run(step, weight, transposed, twice);
    }

    /** The bias with a change. */
    ByteBuffer bias(TensorView bias, MergeStep step) {
        return run(step, bias);
    }

    private void begin() {
        scope.close();
        scope = manager.newSubManager();
        buffer.clear();
    }

    private NDArray floats(TensorView tensor) {
        return buffer.floats(scope, tensor.toFloats(), tensor.dimensions());
    }

    private ByteBuffer run(MergeStep step, TensorView weight, Object... more) {
        begin();
        long type = code(weight);
        var args = new ArrayList<Object>();
        args.add(floats(weight));
        args.add(type);
        step.tensors().forEach(tensor -> args.add(floats(tensor)));
        args.addAll(step.numbers());
        args.addAll(Arrays.asList(more));
        List<NDArray> result = program.infer(scope, step.function(), args.toArray());
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
