package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.BatchTensors;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.PackedInputs;
import io.flinkpeft.task.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The program of one base model, method and head, and the only caller of it: one native call is one
 * step or one prediction of all adapters of one layout. One thread at a time.
 */
final class Kernels {

    /** The program's methods. */
    static final String STEP = "step";

    private static final String PREDICT = "predict";
    private static final String MERGED = "merged";
    private static final String NEXT = "next";

    private final BaseModel base;
    private final TorchProgram program;
    private final InputBuffer buffer = new InputBuffer();

    Kernels(BaseModel base, ModelHead head, AttachedMethod attachment) {
        this.base = base;
        KernelText text =
                base.link(attachment.kernels(), head)
                        .entry(STEP, StepArguments.class, StepOutputs.class)
                        .entry(PREDICT, PredictArguments.class)
                        .entry(MERGED, MergedArguments.class);
        this.program =
                base.program(head.predictsTokens() ? text.entry(NEXT, NextArguments.class) : text);
    }

    private record PredictArguments(
            Adapted adapted, BatchTensors batch, long[] classes, List<NDArray> labels) {}

    private record MergedArguments(Adapted adapted, long[] weightIndex, long[] transposed) {}

    private record NextArguments(Adapted adapted, BatchTensors batch) {}

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
            Targets targets,
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
    List<Stepped> step(
            RowLayout rowLayout, List<Part> parts, PackedInputs batch, OptimizerConfig optimizer) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            List<StepOutputs> outputs =
                    program.train(
                            scope,
                            STEP,
                            arguments(rowLayout, parts, batch, optimizer, scope),
                            StepOutputs.class);
            List<Stepped> stepped = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                stepped.add(stepped(outputs.get(i)));
            }
            // only now: what is freed with the scope until here is freed if anything throws
            stepped.forEach(each -> each.tensors().attach(base.manager()));
            return stepped;
        }
    }

    private StepArguments arguments(
            RowLayout rowLayout,
            List<Part> parts,
            PackedInputs batch,
            OptimizerConfig optimizer,
            NDManager scope) {
        return new StepArguments(
                Adapted.of(base, rowLayout, each(parts, part -> part.tensors().row())),
                batch.tensors(buffer, scope),
                parts.stream().mapToLong(Part::classes).toArray(),
                each(parts, part -> tensor(scope, part.targets())),
                each(parts, part -> floats(scope, part.weights())),
                each(parts, part -> part.tensors().expAvg()),
                each(parts, part -> part.tensors().expAvgSq()),
                parts.stream().mapToLong(Part::step).toArray(),
                new StepArguments.Optimizer(
                        rowLayout.groups(),
                        parts.stream().map(Part::rates).flatMapToDouble(Arrays::stream).toArray(),
                        rowLayout.decays(optimizer),
                        optimizer.beta1(),
                        optimizer.beta2(),
                        optimizer.epsilon(),
                        optimizer.clip()),
                rowLayout.attached().dropout(),
                parts.stream().mapToLong(Part::seed).toArray(),
                parts.stream()
                        .map(Part::step)
                        .map(rowLayout.attached()::plan)
                        .flatMapToLong(Arrays::stream)
                        .toArray());
    }

    private static <P> List<NDArray> each(List<P> parts, Function<P, NDArray> tensor) {
        return parts.stream().map(tensor).toList();
    }

    private static Stepped stepped(StepOutputs outputs) {
        return new Stepped(
                new AdapterTensors(outputs.row(), outputs.expAvg(), outputs.expAvgSq()),
                outputs.loss().getFloat(),
                outputs.gradientNorm().getFloat(),
                matrix(outputs.outputs()),
                outputs.zeroIfFinite().getFloat() == 0);
    }

    /**
     * An adapter's part in a prediction.
     *
     * @param row its values
     * @param classes how many labels are in use
     * @param targets of the outputs; any number where none is known
     */
    record PredictionPart(NDArray row, int classes, Targets targets) {}

    /** The outputs of each part, such as logits [texts, classes]. */
    List<float[][]> predict(RowLayout rowLayout, List<PredictionPart> parts, PackedInputs batch) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            List<NDArray> result =
                    program.infer(
                            scope,
                            PREDICT,
                            new PredictArguments(
                                    Adapted.of(base, rowLayout, each(parts, PredictionPart::row)),
                                    batch.tensors(buffer, scope),
                                    parts.stream().mapToLong(PredictionPart::classes).toArray(),
                                    each(parts, part -> tensor(scope, part.targets()))));
            return result.stream().map(Kernels::matrix).toList();
        }
    }

    /**
     * For each site with a place its weight, then its bias, with an adapter's change in them.
     *
     * @param weights for each site the place of its weight among the base's tensors, or -1
     * @param transposed for each site 1 if its weight is [in, out]
     */
    List<float[]> merged(RowLayout rowLayout, NDArray row, long[] weights, long[] transposed) {
        try (NDManager scope = base.manager().newSubManager()) {
            Adapted adapted = Adapted.of(base, rowLayout, List.of(row));
            var arguments = new MergedArguments(adapted, weights, transposed);
            List<NDArray> result = program.infer(scope, MERGED, arguments);
            return result.stream().map(NDArray::toFloatArray).toList();
        }
    }

    /**
     * What follows the texts of a batch.
     *
     * @param logits [texts, vocabulary] of the token after each output
     * @param keyValues keys and values, for the next call
     */
    record Next(float[][] logits, List<NDArray> keyValues) implements AutoCloseable {
        @Override
        public void close() {
            keyValues.forEach(NDArray::close);
        }
    }

    /**
     * Logits of the tokens after these; the program must be that of a language model.
     *
     * @param past keys and values of the same texts' earlier tokens; empty if there are none
     */
    Next next(RowLayout rowLayout, List<NDArray> rows, PackedInputs batch, List<NDArray> past) {
        buffer.clear();
        try (NDManager scope = base.manager().newSubManager()) {
            BatchTensors tensors = batch.tensors(buffer, scope).withCache(past);
            var arguments = new NextArguments(Adapted.of(base, rowLayout, rows), tensors);
            List<NDArray> result = program.infer(scope, NEXT, arguments);
            NDArray logits = result.get(0);
            List<NDArray> keyValues = List.copyOf(result.subList(1, result.size()));
            keyValues.forEach(tensor -> tensor.attach(base.manager()));
            return new Next(matrix(logits), keyValues);
        }
    }

    private NDArray tensor(NDManager scope, Targets targets) {
        return targets.as(values -> longs(scope, values), values -> floats(scope, values));
    }

    private NDArray longs(NDManager scope, long[] values) {
        return buffer.longs(scope, values, values.length);
    }

    private NDArray floats(NDManager scope, float[] values) {
        return buffer.floats(scope, values, values.length);
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
