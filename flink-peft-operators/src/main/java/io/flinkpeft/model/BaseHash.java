package io.flinkpeft.model;

import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The identity of a base model: what its tensors are called and what is in them, however they are
 * spread over files.
 *
 * <pre>{@code
 * SHA-256 over, for each tensor in the order of names:
 *   name, dtype          UTF-8, each after its length in bytes (int)
 *   dimensions           their number (int), then each (long)
 *   elements             little-endian, as in the file
 * }</pre>
 *
 * <p>Integers are big-endian.
 */
public final class BaseHash {

    private BaseHash() {}

    /** That of a model directory of any architecture; reads everything once in this process. */
    public static String of(Path directory) {
        try {
            return FileHashes.of(
                    "base",
                    WeightFiles.list(directory),
                    () -> of(new TreeMap<>(WeightFiles.read(directory))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String of(SortedMap<String, TensorView> tensors) {
        MessageDigest digest = Sha256.digest();
        for (TensorView tensor : tensors.values()) {
            text(digest, tensor.name());
            text(digest, tensor.dtype().name());
            long[] shape = tensor.dimensions();
            var numbers = ByteBuffer.allocate(4 + 8 * shape.length).putInt(shape.length);
            for (long dimension : shape) {
                numbers.putLong(dimension);
            }
            digest.update(numbers.flip());
            digest.update(tensor.data());
        }
        return Sha256.hex(digest);
    }

    private static void text(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
