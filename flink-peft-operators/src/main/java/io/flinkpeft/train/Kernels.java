package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.PackedInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The program of one base model, method and head, and the only caller of it: one native call is one
 * step or one prediction of all adapters of a bank. One thread at a time.
 */
final class Kernels {

    /** Of an adapter's step in the program's result. */
    private static final int RESULTS = 7;

    private final BaseModel base;
    private final TorchProgram program;
    private final InputBuffer buffer = new InputBuffer();

    Kernels(BaseModel base, ModelHead head, Attachment attachment) {
        this.base = base;
        this.program =
                base.program(
                        KernelText.link(
                                base.kernels(),
                                base.activation(),
                                attachment.kernels(),
                                head.kernels()));
    }

    /**
     * An adapter's part in a step.
     *
     * @param tensors before the step
     * @param step the number of the optimizer's step, from 1
     * @param rates the learning rate of each group
     * @param classes how many labels are in use
     * @param targets of the outputs; any number where the weight is 0
     * @param weights of each output in the adapter's loss
     * @param seed of what is random in this step
     */
    record Part(
            AdapterTensors tensors,
            long step,
            double[] rates,
            int classes,
            long[] targets,
            float[] weights,
            long seed) {}

    /**
     * What the step did for an adapter.
     *
     * @param tensors after the step; the caller closes them
     * @param loss the adapter's mean loss
     * @param gradientNorm before clipping
     * @param outputs before the step, such as logits [texts, classes]
     * @param finite whether all values and moments after the step are numbers
     */
    record Stepped(
            AdapterTensors tensors,
            float loss,
            float gradientNorm,
            float[][] outputs,
            boolean finite) {}

    /** One optimizer step of each part; the batch holds their texts in the same order. */
    List<Stepped> step(Bank bank, List<Part> parts, PackedInputs batch, OptimizerConfig optimizer) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            List<NDArray> result =
                    program.train(
                            scope,
                            "step",
                            append(
                                    inputs(bank, rows(parts), batch, scope),
                                    parts.stream().mapToLong(Part::classes).toArray(),
                                    tensors(parts, p -> longs(scope, p.targets())),
                                    tensors(parts, p -> floats(scope, p.weights())),
                                    tensors(parts, p -> p.tensors().first()),
                                    tensors(parts, p -> p.tensors().second()),
                                    parts.stream().mapToLong(Part::step).toArray(),
                                    bank.groups(),
                                    parts.stream()
                                            .map(Part::rates)
                                            .flatMapToDouble(Arrays::stream)
                                            .toArray(),
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
                int first = RESULTS * i;
                stepped.add(stepped(result.subList(first, first + RESULTS)));
            }
            // only now: what is freed with the scope until here is freed if anything throws
            stepped.forEach(each -> each.tensors().attach(base.manager()));
            return stepped;
        }
    }

    private static Stepped stepped(List<NDArray> result) {
        var tensors = new AdapterTensors(result.get(0), result.get(1), result.get(2));
        return new Stepped(
                tensors,
                result.get(3).getFloat(),
                result.get(4).getFloat(),
                matrix(result.get(5)),
                result.get(6).getFloat() == 0);
    }

    /**
     * An adapter's part in a prediction.
     *
     * @param row its values
     * @param classes how many labels are in use
     * @param targets of the outputs; any number where none is known
     */
    record PredictionPart(NDArray row, int classes, long[] targets) {}

    /** The outputs of each part, such as logits [texts, classes]. */
    List<float[][]> predict(Bank bank, List<PredictionPart> parts, PackedInputs batch) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            List<NDArray> rows = parts.stream().map(PredictionPart::row).toList();
            List<NDArray> result =
                    program.infer(
                            scope,
                            "predict",
                            append(
                                    inputs(bank, rows, batch, scope),
                                    parts.stream().mapToLong(PredictionPart::classes).toArray(),
                                    parts.stream()
                                            .map(part -> longs(scope, part.targets()))
                                            .toArray(NDArray[]::new)));
            return result.stream().map(Kernels::matrix).toList();
        }
    }

    /**
     * For each site with a place its weight, then its bias, with an adapter's change in them.
     *
     * @param weights for each site the place of its weight among the base's tensors, or -1
     * @param transposed for each site 1 if its weight is [in, out]
     */
    List<float[]> merged(Bank bank, NDArray row, long[] weights, long[] transposed) {
        try (NDManager scope = base.manager().newSubManager()) {
            List<NDArray> result =
                    program.infer(scope, "merged", append(adapted(bank, row), weights, transposed));
            return result.stream().map(NDArray::toFloatArray).toList();
        }
    }

    /**
     * What follows the texts of a batch.
     *
     * @param logits [texts, vocabulary] of the token after each output
     * @param kept keys and values, for the next call
     */
    record Next(float[][] logits, NDArray[] kept) implements AutoCloseable {
        @Override
        public void close() {
            for (NDArray tensor : kept) {
                tensor.close();
            }
        }
    }

    /**
     * Logits of the tokens after these; the program must be that of a language model.
     *
     * @param past keys and values of the same texts' earlier tokens; empty if there are none
     */
    Next next(Bank bank, List<NDArray> rows, PackedInputs batch, NDArray[] past) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            Object[] args = append(inputs(bank, rows, batch, scope), (Object) past);
            List<NDArray> result = program.infer(scope, "next", args);
            NDArray logits = result.get(0);
            NDArray[] kept = result.subList(1, result.size()).toArray(NDArray[]::new);
            for (NDArray tensor : kept) {
                tensor.attach(base.manager());
            }
            return new Next(matrix(logits), kept);
        }
    }

    private Object[] inputs(Bank bank, List<NDArray> rows, PackedInputs batch, NDManager scope) {
        PackedInputs.Tensors packed = batch.tensors(buffer, scope);
        return append(
                adapted(bank, array(rows)),
                array(packed.inputs()),
                array(packed.gather()),
                array(packed.mask()),
                array(packed.owners()),
                batch.tokensPerAdapter(),
                batch.textsPerAdapter(),
                batch.outputsPerAdapter());
    }

    /** The base, and what stands in rows; {@code rows} is one tensor or a list of them. */
    private Object[] adapted(Bank bank, Object rows) {
        return new Object[] {
            tensors(base, bank.attachment()),
            base.counts(),
            base.constants(),
            rows,
            bank.layout().sizes(),
            bank.layout().columns(),
            bank.headPlace(),
            bank.attachment().slots(),
            bank.attachment().scales(),
            bank.attachment().numbers(),
            bank.attachment().replaced()
        };
    }

    private static NDArray[] array(List<NDArray> tensors) {
        return tensors.toArray(NDArray[]::new);
    }

    /** The base's tensors, and behind them what the method keeps beside them. */
    static NDArray[] tensors(BaseModel base, Attachment attachment) {
        if (attachment.frozen().isEmpty()) {
            return base.tensors();
        }
        var tensors = new ArrayList<>(List.of(base.tensors()));
        attachment.frozen().forEach(frozen -> tensors.addAll(base.frozen(frozen)));
        return tensors.toArray(NDArray[]::new);
    }

    private static List<NDArray> rows(List<Part> parts) {
        return parts.stream().map(part -> part.tensors().row()).toList();
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

    /** The rows of a matrix; of a vector, its numbers as rows. */
    private static float[][] matrix(NDArray tensor) {
        Shape shape = tensor.getShape();
        int rows = Math.toIntExact(shape.get(0));
        int columns = shape.dimension() == 1 ? 1 : Math.toIntExact(shape.get(1));
        float[] values = tensor.toFloatArray();
        float[][] matrix = new float[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, matrix[i], 0, columns);
        }
        return matrix;
    }
}
