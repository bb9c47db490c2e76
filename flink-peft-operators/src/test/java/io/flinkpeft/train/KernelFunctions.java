package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.TorchProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Kernel texts with a method of a test behind them, and the values that the tests share. */
final class KernelFunctions {

    /** A base of which no text of the tests reads more. */
    private static final String BASE = "class Base(NamedTuple):\n  tensors : List[Tensor]\n";

    private KernelFunctions() {}

    /** A program of kernel texts and one more method. */
    static TorchProgram program(NDManager manager, String method, String... texts) {
        StringBuilder all = new StringBuilder();
        for (String text : texts) {
            all.append(read(text)).append("\n");
        }
        return TorchProgram.compile(manager, read("types") + BASE, all.append(method).toString());
    }

    private static String read(String name) {
        String path = "/io/flinkpeft/kernels/" + name + ".py";
        try (InputStream in = KernelFunctions.class.getResourceAsStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The filler of the reference's small cases: element i is (7 i mod 11 - 5 + plus) scale. */
    static float[] filler(int size, float scale, int plus) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = ((7 * i) % 11 - 5 + plus) * scale;
        }
        return values;
    }

    static NDArray matrix(NDManager manager, float[] values, int columns) {
        return manager.create(values, new Shape(values.length / columns, columns));
    }
}
