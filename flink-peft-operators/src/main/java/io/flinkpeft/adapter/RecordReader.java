package io.flinkpeft.adapter;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads what {@link RecordWriter} wrote. Every length is checked against the bytes that are left
 * before anything of that length is made.
 */
final class RecordReader {

    private final String what;
    private final ByteBuffer bytes;
    private final int format;

    /**
     * A record.
     *
     * @param what its name in messages
     * @param newestFormat the newest format the caller reads
     * @throws IllegalArgumentException if it is of a newer format, cut or changed
     */
    RecordReader(String what, byte[] record, int newestFormat) {
        this.what = what;
        if (record.length < 5) {
            throw new IllegalArgumentException(
                    what + " has " + record.length + " bytes, must have at least 5.");
        }
        format = record[0];
        if (format < 1 || format > newestFormat) {
            throw new IllegalArgumentException(
                    what
                            + " has format "
                            + format
                            + ", must have one from 1 to "
                            + newestFormat
                            + ". Maybe a newer release wrote it.");
        }
        int end = record.length - 4;
        if (ByteBuffer.wrap(record).getInt(end) != RecordWriter.checksum(record, end)) {
            throw new IllegalArgumentException(
                    what + " of " + record.length + " bytes is damaged: its checksum is wrong.");
        }
        bytes = ByteBuffer.wrap(record, 1, end - 1);
    }

    /** The format it was written in. */
    int format() {
        return format;
    }

    private ByteBuffer left(long needed) {
        if (needed > bytes.remaining()) {
            throw new IllegalArgumentException(
                    what + " needs " + needed + " more bytes, has " + bytes.remaining() + " left.");
        }
        return bytes;
    }

    int integer() {
        return left(4).getInt();
    }

    long integer64() {
        return left(8).getLong();
    }

    double number() {
        return left(8).getDouble();
    }

    /** The length of what follows, each element of at least so many bytes. */
    private int length(int elementBytes) {
        int length = integer();
        if (length < 0) {
            throw new IllegalArgumentException(
                    what + " has a length (" + length + "), must be at least 0.");
        }
        left((long) length * elementBytes);
        return length;
    }

    String text() {
        char[] text = new char[length(2)];
        bytes.asCharBuffer().get(text);
        bytes.position(bytes.position() + 2 * text.length);
        return new String(text);
    }

    float[] floats() {
        float[] values = new float[length(4)];
        bytes.asFloatBuffer().get(values);
        bytes.position(bytes.position() + 4 * values.length);
        return values;
    }

    byte[] bytes() {
        byte[] values = new byte[length(1)];
        bytes.get(values);
        return values;
    }

    /** A list whose elements take at least so many bytes each. */
    <T> List<T> list(int elementBytes, Function<RecordReader, T> element) {
        int length = length(elementBytes);
        var elements = new ArrayList<T>(length);
        for (int i = 0; i < length; i++) {
            elements.add(element.apply(this));
        }
        return elements;
    }

    /** Checks that nothing is left. */
    void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(
                    what + " has " + bytes.remaining() + " bytes too many at its end.");
        }
    }
}
