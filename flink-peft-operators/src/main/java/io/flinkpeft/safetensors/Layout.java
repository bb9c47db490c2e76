package io.flinkpeft.safetensors;

import io.flinkpeft.safetensors.Header.Entry;
import java.util.Comparator;
import java.util.List;

/** Where the bytes of a file belong: every byte to exactly one tensor. */
final class Layout {

    /** Bytes of the length that a file starts with. */
    static final int PREFIX = 8;

    private Layout() {}

    /**
     * Checks the header's length before the header is read.
     *
     * @return the length as an int
     */
    static int checkHeader(long length, long fileBytes, Limits limits) {
        if (length < 0 || length > limits.headerBytes()) {
            throw new SafetensorsException(
                    "The header has "
                            + Long.toUnsignedString(length)
                            + " bytes, must have at most "
                            + limits.headerBytes()
                            + ".");
        }
        if (length > fileBytes - PREFIX) {
            throw new SafetensorsException(
                    "The header has "
                            + length
                            + " bytes, the file only "
                            + (fileBytes - PREFIX)
                            + " after the length.");
        }
        return (int) length;
    }

    /**
     * Checks that the tensors fill the data section without hole or overlap.
     *
     * @return the tensors by offset
     */
    static List<Entry> check(List<Entry> entries, long dataBytes) {
        // the sort is stable: empty tensors at one place stay in the header's order
        List<Entry> sorted =
                entries.stream()
                        .sorted(Comparator.comparingLong(Entry::start).thenComparing(Entry::end))
                        .toList();
        long position = 0;
        for (Entry entry : sorted) {
            checkSize(entry);
            if (entry.start() != position) {
                throw new SafetensorsException(
                        "Tensor "
                                + entry.name()
                                + " starts at "
                                + entry.start()
                                + ", must start at "
                                + position
                                + ", where the one before it ends.");
            }
            position = entry.end();
        }
        if (position != dataBytes) {
            throw new SafetensorsException(
                    "The tensors end at "
                            + position
                            + ", must end at "
                            + dataBytes
                            + ", where the file ends.");
        }
        return sorted;
    }

    private static void checkSize(Entry entry) {
        long expected;
        try {
            expected = entry.dtype().bytes(Shapes.elements(entry.shape()));
        } catch (ArithmeticException e) {
            throw new SafetensorsException(
                    "Tensor "
                            + entry.name()
                            + " has an impossible shape "
                            + entry.shape()
                            + " of "
                            + entry.dtype()
                            + ": "
                            + e.getMessage(),
                    e);
        }
        if (entry.end() < entry.start() || entry.end() - entry.start() != expected) {
            throw new SafetensorsException(
                    "Tensor "
                            + entry.name()
                            + " has data_offsets ["
                            + entry.start()
                            + ", "
                            + entry.end()
                            + "], "
                            + entry.dtype()
                            + entry.shape()
                            + " must have "
                            + expected
                            + " bytes.");
        }
    }
}
