package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.KernelText;
import io.flinkpeft.engine.TorchProgram;
import java.util.List;

/** The largest singular values of a matrix and their vectors, by libtorch. */
final class SingularFactors {

    private SingularFactors() {}

    /** See {@link io.flinkpeft.method.BaseTensors#singularFactors}. */
    static float[][] of(float[] values, int rows, int rank, NDManager manager) {
        int columns = values.length / rows;
        if (rank > Math.min(rows, columns)) {
            throw new IllegalArgumentException(
                    "peft.lora.rank ("
                            + rank
                            + ") must be at most "
                            + Math.min(rows, columns)
                            + " for a weight ["
                            + rows
                            + ", "
                            + columns
                            + "].");
        }
        try (NDManager scope = manager.newSubManager();
                TorchProgram program = KernelText.alone("svd").compile(scope)) {
            NDArray matrix = scope.create(values, new Shape(rows, columns));
            List<NDArray> result = program.infer(scope, "factors", matrix, (long) rank);
            return new float[][] {result.get(0).toFloatArray(), result.get(1).toFloatArray()};
        }
    }
}
