package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.TaskHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program of one base model, method and head, and the only caller of it: one native call is one
 * step or one prediction of all adapters of a bank. One thread at a time.
 */
final class Kernels {

    private final BaseModel base;
    private final TorchProgram program;
    private final InputBuffer buffer = new InputBuffer();

    Kernels(BaseModel base, TaskHead head, Attachment attachment) {
        this.base = base;
        this.program =
                base.program(
                        KernelText.link(
                                base.kernel(),
                                base.activation(),
                                attachment.kernels(),
                                head.kernels()));
    }

    /**
     * An adapter's part in a step.
     *
     * @param tensors before the step
     * @param step the number of the step, from 1
     * @param classes how many labels are in use
     * @param labels of each text; any number where the weight is 0
     * @param weights of each text in the adapter's loss
     * @param seed of what is random in this step
     */
    record Part(
            AdapterTensors tensors,
            long step,
            int classes,
            long[] labels,
            float[] weights,
            long seed) {}

    /**
     * What the step did for an adapter.
     *
     * @param tensors after the step; the caller closes them
     * @param loss the adapter's mean loss
     * @param gradientNorm before clipping
     * @param logits [texts, classes], before the step
     */
    record Stepped(AdapterTensors tensors, float loss, float gradientNorm, float[][] logits) {}

    /** One optimizer step of each part; the batch holds their texts in the same order. */
    List<Stepped> step(Bank bank, List<Part> parts, PackedBatch batch, OptimizerConfig optimizer) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            List<NDArray> result =
                    program.train(
                            scope,
                            "step",
                            append(
                                    inputs(bank, rows(parts), batch, classes(parts), scope),
                                    tensors(parts, p -> longs(scope, p.labels())),
                                    tensors(parts, p -> floats(scope, p.weights())),
                                    tensors(parts, p -> p.tensors().first()),
                                    tensors(parts, p -> p.tensors().second()),
                                    parts.stream().mapToLong(Part::step).toArray(),
                                    bank.groups(),
                                    bank.rates(optimizer),
                                    bank.decays(optimizer),
                                    optimizer.adam(),
                                    optimizer.clip(),
                                    bank.attachment().dropout(),
                                    parts.stream().mapToLong(Part::seed).toArray(),
                                    parts.stream()
                                            .map(Part::step)
                                            .map(bank.attachment()::plan)
                                            .flatMapToLong(Arrays::stream)
                                            .toArray()));
            List<Stepped> stepped = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                stepped.add(stepped(result.subList(6 * i, 6 * i + 6), parts.get(i).classes()));
            }
            return stepped;
        }
    }

    private Stepped stepped(List<NDArray> result, int classes) {
        var tensors = new AdapterTensors(result.get(0), result.get(1), result.get(2));
        for (NDArray tensor : result.subList(0, AdapterTensors.TENSORS)) {
            tensor.attach(base.manager());
        }
        return new Stepped(
                tensors,
                result.get(3).getFloat(),
                result.get(4).getFloat(),
                matrix(result.get(5), classes));
    }

    /** Logits [texts, classes] of each row's texts. */
    List<float[][]> predict(Bank bank, List<NDArray> rows, PackedBatch batch, long[] classes) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            List<NDArray> result =
                    program.infer(scope, "predict", inputs(bank, rows, batch, classes, scope));
            List<float[][]> logits = new ArrayList<>();
            for (int i = 0; i < result.size(); i++) {
                logits.add(matrix(result.get(i), (int) classes[i]));
            }
            return logits;
        }
    }

    private Object[] inputs(
            Bank bank, List<NDArray> rows, PackedBatch batch, long[] classes, NDManager scope) {
        PackedBatch.Tensors packed = batch.tensors(buffer, scope);
        return new Object[] {
            base.tensors(),
            base.counts(),
            base.constants(),
            rows.toArray(NDArray[]::new),
            bank.layout().sizes(),
            bank.layout().columns(),
            bank.headPlace(),
            bank.attachment().slots(),
            bank.attachment().scales(),
            bank.attachment().numbers(),
            bank.attachment().replaced(),
            packed.inputs(),
            packed.gather(),
            packed.mask(),
            packed.owners(),
            batch.tokensPerAdapter(),
            batch.textsPerAdapter(),
            classes
        };
    }

    private static List<NDArray> rows(List<Part> parts) {
        return parts.stream().map(part -> part.tensors().row()).toList();
    }

    private static long[] classes(List<Part> parts) {
        return parts.stream().mapToLong(Part::classes).toArray();
    }

    private interface TensorOf {
        NDArray of(Part part);
    }

    private static NDArray[] tensors(List<Part> parts, TensorOf tensor) {
        return parts.stream().map(tensor::of).toArray(NDArray[]::new);
    }

    private NDArray longs(NDManager scope, long[] values) {
        return buffer.longs(scope, values, values.length);
    }

    private NDArray floats(NDManager scope, float[] values) {
        return buffer.floats(scope, values, values.length);
    }

    private static Object[] append(Object[] head, Object... tail) {
        Object[] all = new Object[head.length + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    private static float[][] matrix(NDArray tensor, int columns) {
        float[] values = tensor.toFloatArray();
        int rows = Math.toIntExact(tensor.getShape().get(0));
        float[][] matrix = new float[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, matrix[i], 0, columns);
        }
        return matrix;
    }
}
