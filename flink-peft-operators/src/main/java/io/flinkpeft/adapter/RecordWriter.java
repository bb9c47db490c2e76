package io.flinkpeft.adapter;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * Writes one record: a format byte, the fields, and a CRC-32C of all before it. All numbers are
 * big-endian; a list or text is its length (int) and then its elements.
 */
final class RecordWriter {

    private ByteBuffer buffer = ByteBuffer.allocate(1024);

    RecordWriter(byte format) {
        room(1).put(format);
    }

    private ByteBuffer room(long bytes) {
        if (bytes > buffer.remaining()) {
            long needed = buffer.position() + bytes;
            if (needed > Integer.MAX_VALUE - 16) {
                throw new IllegalArgumentException(
                        "The record needs " + needed + " bytes, must fit an array.");
            }
            int capacity = (int) Math.max(needed, Math.min(2L * buffer.capacity(), 1 << 30));
            buffer =
                    ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity))
                            .position(buffer.position());
        }
        return buffer;
    }

    void integer(int value) {
        room(4).putInt(value);
    }

    void integer64(long value) {
        room(8).putLong(value);
    }

    void number(double value) {
        room(8).putDouble(value);
    }

    /** As UTF-16: a label from a stream may hold half a surrogate pair, which UTF-8 would lose. */
    void text(String text) {
        integer(text.length());
        var bytes = room(2L * text.length());
        bytes.asCharBuffer().put(text);
        bytes.position(bytes.position() + 2 * text.length());
    }

    void floats(float[] values) {
        integer(values.length);
        var bytes = room(4L * values.length);
        bytes.asFloatBuffer().put(values);
        bytes.position(bytes.position() + 4 * values.length);
    }

    void bytes(byte[] values) {
        integer(values.length);
        room(values.length).put(values);
    }

    <T> void list(List<T> elements, BiConsumer<RecordWriter, T> element) {
        integer(elements.size());
        elements.forEach(e -> element.accept(this, e));
    }

    byte[] finish() {
        int length = buffer.position();
        integer(checksum(buffer.array(), length));
        return Arrays.copyOf(buffer.array(), length + 4);
    }

    static int checksum(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
