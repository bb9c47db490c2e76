package io.flinkpeft.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file, checked whole before the first tensor is given out.
 *
 * <pre>{@code
 * var file = SafetensorsFile.open(Path.of("model.safetensors"));
 * float[] values = file.tensor("bert.pooler.dense.weight").toFloats();
 * }</pre>
 *
 * <p>Stricter than the reference in one point: a name that occurs twice is refused. Immutable; may
 * be used by several threads.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class SafetensorsFile {

    private final Map<String, String> metadata;
    private final Map<String, TensorView> tensors;

    private SafetensorsFile(Map<String, String> metadata, Map<String, TensorView> tensors) {
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /** Maps a file into memory, with {@link Limits#DEFAULT}. */
    public static SafetensorsFile open(Path path) throws IOException {
        return open(path, Limits.DEFAULT);
    }

    /**
     * Maps a file into memory. The file must not be shortened while its tensors are in use.
     *
     * @throws SafetensorsException if it is not valid, naming the file
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile open(Path path, Limits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(channel.size(), (at, n) -> channel.map(MapMode.READ_ONLY, at, n), limits);
        } catch (SafetensorsException e) {
            throw new SafetensorsException(path + ": " + e.getMessage(), e);
        }
    }

    /** Reads bytes without copying them, with {@link Limits#DEFAULT}. */
    public static SafetensorsFile of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes), Limits.DEFAULT);
    }

    /**
     * Reads the remaining bytes of a buffer without copying them.
     *
     * @throws SafetensorsException if they are not a valid file
     */
    public static SafetensorsFile of(ByteBuffer bytes, Limits limits) {
        ByteBuffer whole = bytes.slice();
        try {
            return read(whole.remaining(), (at, n) -> whole.slice((int) at, (int) n), limits);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
    }

    /** A part of the file. */
    private interface Source {
        ByteBuffer slice(long start, long bytes) throws IOException;
    }

    private static SafetensorsFile read(long fileBytes, Source source, Limits limits)
            throws IOException {
        if (fileBytes < Layout.PREFIX) {
            throw new SafetensorsException(
                    "The file has "
                            + fileBytes
                            + " bytes, must have at least "
                            + Layout.PREFIX
                            + ".");
        }
        ByteBuffer prefix = source.slice(0, Layout.PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        int length = Layout.checkHeader(prefix.getLong(), fileBytes, limits);
        Header header = Header.parse(source.slice(Layout.PREFIX, length), limits);
        long dataStart = (long) Layout.PREFIX + length;
        long dataBytes = fileBytes - dataStart;
        var entries = Layout.check(header.entries(), dataBytes);

        // one mapping for a file, unless it is longer than a buffer can be
        ByteBuffer data = dataBytes > Integer.MAX_VALUE ? null : source.slice(dataStart, dataBytes);
        var tensors = new LinkedHashMap<String, TensorView>();
        for (var entry : entries) {
            long bytes = entry.end() - entry.start();
            if (bytes > Integer.MAX_VALUE) {
                throw new SafetensorsException(
                        "Tensor "
                                + entry.name()
                                + " has "
                                + bytes
                                + " bytes, must have at most "
                                + Integer.MAX_VALUE
                                + ".");
            }
            ByteBuffer part =
                    data == null
                            ? source.slice(dataStart + entry.start(), bytes)
                            : data.slice((int) entry.start(), (int) bytes);
            tensors.put(
                    entry.name(), new TensorView(entry.name(), entry.dtype(), entry.shape(), part));
        }
        return new SafetensorsFile(header.metadata(), tensors);
    }

    /** The free text of the header. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The tensors by name, in the order of the file. */
    public Map<String, TensorView> tensors() {
        return tensors;
    }

    /**
     * One tensor.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public TensorView tensor(String name) {
        TensorView tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + name
                            + " is not in the file; it has "
                            + tensors.size()
                            + " others.");
        }
        return tensor;
    }
}
