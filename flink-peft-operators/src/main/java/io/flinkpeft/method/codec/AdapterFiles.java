package io.flinkpeft.method.codec;

import io.flinkpeft.safetensors.Limits;
import io.flinkpeft.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the files of adapters, which may come from anywhere: none is larger than it should be. */
public final class AdapterFiles {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final long MAX_CONFIG_BYTES = 16 << 20;
    private static final long MAX_TENSOR_BYTES = 1 << 30;

    private AdapterFiles() {}

    /**
     * The text of a file with settings, without the byte order mark that some editors write.
     *
     * @throws IllegalArgumentException if it is missing or too large
     * @throws IOException if reading fails
     */
    public static String text(Path file) throws IOException {
        String text = new String(bytes(file, MAX_CONFIG_BYTES), StandardCharsets.UTF_8);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }

    /**
     * The bytes of a file with tensors.
     *
     * @throws IllegalArgumentException if it is missing or too large
     * @throws IOException if reading fails
     */
    public static byte[] bytes(Path file) throws IOException {
        return bytes(file, MAX_TENSOR_BYTES);
    }

    /**
     * The tensors of a file. Not mapped: it may be replaced while the adapter is in use.
     *
     * @throws IllegalArgumentException if it is missing, too large or broken
     * @throws IOException if reading fails
     */
    public static SafetensorsFile tensors(Path file) throws IOException {
        return tensors(bytes(file));
    }

    /**
     * The tensors in a file's bytes.
     *
     * @throws IllegalArgumentException if it is broken
     */
    public static SafetensorsFile tensors(byte[] bytes) {
        return SafetensorsFile.of(ByteBuffer.wrap(bytes), Limits.ADAPTER);
    }

    /**
     * A file, unless only its pickle is there.
     *
     * @param directory with both
     * @param name of the file with tensors
     * @param pickle what else it may be called
     * @param library which writes both
     * @throws IllegalArgumentException if there is only a pickle
     */
    public static Path unpickled(Path directory, String name, String pickle, String library) {
        if (!Files.exists(directory.resolve(name)) && Files.exists(directory.resolve(pickle))) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + directory
                            + " has its tensors as a pickle ("
                            + pickle
                            + "), must have "
                            + name
                            + ". Maybe load and save it with "
                            + library
                            + "; a pickle can run any code.");
        }
        return directory.resolve(name);
    }

    private static byte[] bytes(Path file, long most) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("File (" + file + ") must exist.");
        }
        if (Files.size(file) > most) {
            throw new IllegalArgumentException(
                    "File ("
                            + file
                            + ") has "
                            + Files.size(file)
                            + " bytes, must have at most "
                            + most
                            + ".");
        }
        return Files.readAllBytes(file);
    }
}
