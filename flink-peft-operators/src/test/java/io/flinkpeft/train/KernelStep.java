package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.PackedBatch;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** A step of a kernel in fp64. */
final class KernelStep {

    private static final double BETA_1 = 0.9;

    private KernelStep() {}

    /**
     * Takes a step of one adapter that changes nothing, for its loss, gradient and outputs.
     *
     * @param row of the adapter
     * @param labels of the outputs, whose mean is the loss
     * @param classes how many labels are in use
     */
    static StepOutputs of(
            BaseModel base,
            RowLayout rowLayout,
            double[] row,
            PackedBatch batch,
            long[] labels,
            int classes,
            NDManager manager) {
        NDArray zeros = manager.zeros(new Shape(row.length), DataType.FLOAT64);
        NDArray weights = manager.ones(new Shape(labels.length), DataType.FLOAT64);
        var arguments =
                new StepArguments(
                        Adapted.of(base, rowLayout, List.of(manager.create(row))),
                        batch.tensors(new InputBuffer(), manager),
                        new long[] {classes},
                        List.of(manager.create(labels)),
                        List.of(weights.div(labels.length)),
                        List.of(zeros),
                        List.of(zeros),
                        new long[] {1},
                        new StepArguments.Optimizer(
                                rowLayout.groups(),
                                new double[rowLayout.groups().length],
                                new double[rowLayout.groups().length],
                                BETA_1,
                                0.999,
                                1e-8,
                                0),
                        0,
                        new long[] {0},
                        // a method with a plan does nothing of it
                        new long[] {0, 0, 0});
        try (TorchProgram program =
                base.link(rowLayout.attached().kernels(), rowLayout.head())
                        .entry(Kernels.STEP, StepArguments.class, StepOutputs.class)
                        .compile(manager)) {
            return program.train(manager, Kernels.STEP, doubles(arguments), StepOutputs.class)
                    .get(0);
        }
    }

    /** The first moment after the first step is the gradient times what beta1 leaves of it. */
    static double[] gradient(StepOutputs step) {
        return Arrays.stream(step.expAvg().toDoubleArray()).map(m -> m / (1 - BETA_1)).toArray();
    }

    /** A record with its fp32 tensors in fp64. */
    private static <R extends Record> R doubles(R record) {
        try {
            RecordComponent[] components = record.getClass().getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                components[i].getAccessor().setAccessible(true);
                values[i] = inDoubles(components[i].getAccessor().invoke(record));
            }
            @SuppressWarnings("unchecked")
            Class<R> type = (Class<R>) record.getClass();
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Object inDoubles(Object value) {
        if (value instanceof Record inner) {
            return doubles(inner);
        } else if (value instanceof List<?> list) {
            return list.stream().map(KernelStep::inDoubles).toList();
        } else if (value instanceof NDArray tensor && tensor.getDataType() == DataType.FLOAT32) {
            return tensor.toType(DataType.FLOAT64, true);
        }
        return value;
    }
}
