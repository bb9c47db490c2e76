package io.flinkpeft.merge;

import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.TorchProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The two programs of this package, from their text. */
final class Programs {

    private Programs() {}

    /** Compiles {@code io/flinkpeft/kernels/NAME.py}. */
    static TorchProgram compile(NDManager manager, String name) {
        try (InputStream in =
                Programs.class.getResourceAsStream("/io/flinkpeft/kernels/" + name + ".py")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return TorchProgram.compile(manager, "", text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
