package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.InputBuffer;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchProgram;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.PackedInputs;
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
    static List<NDArray> of(
            BaseModel base,
            Bank bank,
            double[] row,
            PackedBatch batch,
            long[] labels,
            int classes,
            NDManager manager) {
        try (TorchProgram program =
                KernelText.link(
                                base.kernels(),
                                base.activation(),
                                bank.attachment().kernels(),
                                bank.head().kernels())
                        .compile(manager)) {
            InputBuffer buffer = new InputBuffer();
            PackedInputs.Tensors packed = batch.tensors(buffer, manager);
            NDArray zeros = manager.zeros(new Shape(row.length), DataType.FLOAT64);
            float[] weights = new float[labels.length];
            Arrays.fill(weights, 1);
            return program.train(
                    manager,
                    "step",
                    doubles(Kernels.tensors(base, bank.attachment())),
                    base.counts(),
                    base.constants(),
                    new NDArray[] {manager.create(row)},
                    bank.layout().sizes(),
                    bank.layout().columns(),
                    bank.headPlace(),
                    bank.attachment().slots(),
                    bank.attachment().scales(),
                    bank.attachment().numbers(),
                    bank.attachment().replaced(),
                    doubles(packed.inputs().toArray(NDArray[]::new)),
                    packed.gather().toArray(NDArray[]::new),
                    doubles(packed.mask().toArray(NDArray[]::new)),
                    packed.owners().toArray(NDArray[]::new),
                    batch.tokensPerAdapter(),
                    batch.textsPerAdapter(),
                    batch.outputsPerAdapter(),
                    new long[] {classes},
                    new NDArray[] {manager.create(labels)},
                    new NDArray[] {
                        manager.create(weights).toType(DataType.FLOAT64, true).div(weights.length)
                    },
                    new NDArray[] {zeros},
                    new NDArray[] {zeros},
                    new long[] {1},
                    bank.groups(),
                    new double[bank.groups().length],
                    new double[bank.groups().length],
                    new double[] {BETA_1, 0.999, 1e-8},
                    0.0,
                    0.0,
                    new long[] {0},
                    // a method with a plan does nothing of it
                    new long[] {0, 0, 0});
        }
    }

    /** The first moment after the first step is the gradient times what beta1 leaves of it. */
    static double[] gradient(List<NDArray> step) {
        return Arrays.stream(step.get(1).toDoubleArray()).map(m -> m / (1 - BETA_1)).toArray();
    }

    private static NDArray[] doubles(NDArray[] tensors) {
        return Arrays.stream(tensors)
                .map(
                        t ->
                                t.getDataType() == DataType.FLOAT32
                                        ? t.toType(DataType.FLOAT64, true)
                                        : t)
                .toArray(NDArray[]::new);
    }
}
