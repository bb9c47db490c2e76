package io.flinkpeft.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files as the reference implementation does: tensors by type, the largest
 * first, then by name; the header compact and padded with spaces to 8 bytes. The same tensors and
 * metadata give the same bytes, whatever their order.
 */
public final class SafetensorsWriter {

    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE).build();

    private static final Comparator<String> BY_BYTES =
            Comparator.comparing(s -> s.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final Comparator<TensorView> FILE_ORDER =
            Comparator.comparing(TensorView::dtype)
                    .reversed()
                    .thenComparing(TensorView::name, BY_BYTES);

    private SafetensorsWriter() {}

    /**
     * A file in memory.
     *
     * @throws IllegalArgumentException if two tensors have the same name, or it is longer than 2
     *     GiB
     */
    public static byte[] toBytes(Collection<TensorView> tensors, Map<String, String> metadata) {
        List<TensorView> sorted = sorted(tensors);
        byte[] header = header(sorted, metadata);
        long total = header.length + sorted.stream().mapToLong(t -> t.data().remaining()).sum();
        if (total > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "The tensors need " + total + " bytes, must fit an array.");
        }
        ByteBuffer file = ByteBuffer.allocate((int) total).put(header);
        sorted.forEach(tensor -> file.put(tensor.data()));
        return file.array();
    }

    /**
     * A file on disk, which appears whole or not at all.
     *
     * @throws IllegalArgumentException if two tensors have the same name
     */
    public static void write(
            Path path, Collection<TensorView> tensors, Map<String, String> metadata)
            throws IOException {
        write(path, tensors, metadata, TensorView::data);
    }

    /** Gives the bytes of tensors that are computed while a file is written. */
    public interface Values {
        /**
         * The elements to write for a tensor: as many bytes as its own. They need to stay only
         * until the next call.
         */
        ByteBuffer of(TensorView tensor) throws IOException;
    }

    /**
     * A file on disk, which appears whole or not at all, with other values than the tensors have.
     *
     * @param values computes what is written, a tensor at a time, in the order of the file
     * @throws IllegalArgumentException if two tensors have the same name, or the values of one are
     *     of another size
     */
    public static void write(
            Path path, Collection<TensorView> tensors, Map<String, String> metadata, Values values)
            throws IOException {
        List<TensorView> sorted = sorted(tensors);
        byte[] header = header(sorted, metadata);
        DurableFile.write(
                path,
                channel -> {
                    DurableFile.writeFully(channel, ByteBuffer.wrap(header));
                    for (TensorView tensor : sorted) {
                        DurableFile.writeFully(channel, checked(tensor, values.of(tensor)));
                    }
                });
    }

    private static ByteBuffer checked(TensorView tensor, ByteBuffer values) {
        if (values.remaining() != tensor.data().remaining()) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + tensor.name()
                            + " gets "
                            + values.remaining()
                            + " bytes, must get "
                            + tensor.data().remaining()
                            + ".");
        }
        return values;
    }

    private static List<TensorView> sorted(Collection<TensorView> tensors) {
        var sorted = new ArrayList<>(tensors);
        sorted.sort(FILE_ORDER);
        if (sorted.stream().map(TensorView::name).distinct().count() < sorted.size()) {
            throw new IllegalArgumentException("The names of tensors must be distinct: " + sorted);
        }
        return sorted;
    }

    /** Length and header, padded. */
    private static byte[] header(List<TensorView> sorted, Map<String, String> metadata) {
        byte[] json = json(sorted, metadata);
        int padded = (json.length + 7) / 8 * 8;
        if (padded > Limits.DEFAULT.headerBytes()) {
            throw new IllegalArgumentException(
                    "The header has "
                            + padded
                            + " bytes, must have at most "
                            + Limits.DEFAULT.headerBytes()
                            + ". Maybe the metadata is too long.");
        }
        byte[] bytes = new byte[Layout.PREFIX + padded];
        Arrays.fill(bytes, (byte) ' ');
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
        return bytes;
    }

    private static byte[] json(List<TensorView> sorted, Map<String, String> metadata) {
        var bytes = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(Header.METADATA);
                var byKey = new TreeMap<String, String>(BY_BYTES);
                byKey.putAll(metadata);
                for (var entry : byKey.entrySet()) {
                    json.writeStringField(checked(entry.getKey()), checked(entry.getValue()));
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (TensorView tensor : sorted) {
                if (tensor.name().equals(Header.METADATA)) {
                    throw new IllegalArgumentException(
                            "Tensor name (" + tensor.name() + ") is taken by the format.");
                }
                long end = offset + tensor.data().remaining();
                json.writeObjectFieldStart(checked(tensor.name()));
                json.writeStringField("dtype", tensor.dtype().name());
                json.writeFieldName("shape");
                json.writeArray(tensor.dimensions(), 0, tensor.shape().size());
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static String checked(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("A name or text to write must be Unicode.");
        }
        return text;
    }
}
