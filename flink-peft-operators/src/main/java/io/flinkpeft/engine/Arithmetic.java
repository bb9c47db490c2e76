package io.flinkpeft.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.adapter.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * How a device rounds. libtorch and the libraries under it choose their kernels by the processor's
 * instructions and by variables of the environment, so equal versions can give other last bits on
 * another machine. The products and functions that a step consists of are taken once on fixed
 * numbers; machines whose results differ there differ in training too.
 */
public final class Arithmetic {

    private static final int DIGITS = 8;

    /** Rows, inputs and outputs of the products: those of a small step and of a large one. */
    private static final int[][] SHAPES = {{5, 64, 64}, {96, 384, 256}};

    private static final String PROBE =
            """
            def run(self, x: Tensor, w: Tensor) -> List[Tensor]:
              y = torch.to(torch.linear(torch.to(x, ops.prim.dtype(w)), w), 6)
              back = torch.to(torch.matmul(torch.to(y, ops.prim.dtype(w)), w), 6)
              n = torch.size(y, 1) // 2
              rows = torch.view(y, [1, -1, 2, n])
              heads = torch.transpose(rows, 1, 2)
              attended = torch.scaled_dot_product_attention(heads, heads, heads)
              normal = torch.layer_norm(torch.gelu(y), [torch.size(y, 1)])
              learnt = torch.div(normal, torch.add(torch.sqrt(torch.abs(y)), 0.001))
              return [back, attended, learnt, torch.matmul(torch.t(y), x), torch.log_softmax(y, -1), torch.tanh(y), torch.sum(y)]
            """;

    private Arithmetic() {}

    /** A digest of what the device computes; equal where it rounds alike. */
    public static String of(TorchDevice device, FrozenDtype dtype) {
        var results = new ByteArrayOutputStream();
        try (NDManager manager = TorchRuntime.newManager(device);
                TorchProgram probe = TorchProgram.compile(manager, "", PROBE);
                FrozenDtype.Caster caster = new FrozenDtype.Caster(manager)) {
            for (int[] shape : SHAPES) {
                NDArray x = numbers(manager, 1, shape[0], shape[1]);
                NDArray w = caster.cast(manager, numbers(manager, 2, shape[2], shape[1]), dtype);
                probe.infer(manager, "run", x, w).forEach(y -> add(results, y));
            }
        }
        return Sha256.of(results.toByteArray()).substring(0, DIGITS);
    }

    /** Multiples of 2^-23 in [-1, 1), so exact, and without a pattern. */
    private static NDArray numbers(NDManager manager, int seed, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            int random = (i + 1) * 0x9E3779B1 * (2 * seed + 1);
            values[i] = ((random ^ random >>> 15) >> 8) / (float) (1 << 23);
        }
        return manager.create(values, new Shape(rows, columns));
    }

    private static void add(ByteArrayOutputStream results, NDArray tensor) {
        float[] values = tensor.toFloatArray();
        var bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        results.writeBytes(bytes.array());
    }
}
