package io.flinkpeft.serve;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Bytes on disk rather than on the heap: a file in {@code java.io.tmpdir} that only this user may
 * read. Its name is taken away as soon as it is open, so that nothing is left behind, however the
 * process ends.
 *
 * <p>Any thread may use it. An interrupt does not close it for others, as it would a channel.
 */
public final class SpillFile implements AutoCloseable {

    /** A place in the file. */
    public record Slice(long offset, int length) {

        private long end() {
            return offset + length;
        }
    }

    /** What was freed, by its start; neighbors are one. */
    private final NavigableMap<Long, Long> gaps = new TreeMap<>();

    private RandomAccessFile file; // null before the first write
    private long end;
    private boolean closed;

    /** Keeps bytes until they are freed. */
    public synchronized Slice write(byte[] bytes) {
        var slice = new Slice(place(bytes.length), bytes.length);
        end = Math.max(end, slice.end());
        try {
            var open = open();
            open.seek(slice.offset());
            open.write(bytes);
            return slice;
        } catch (IOException e) {
            free(slice);
            throw new UncheckedIOException(
                    "Directory java.io.tmpdir ("
                            + System.getProperty("java.io.tmpdir")
                            + ") must have room for versions of adapters: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The bytes that were kept. */
    public synchronized byte[] read(Slice slice) {
        var bytes = new byte[slice.length()];
        try {
            var open = open();
            open.seek(slice.offset());
            open.readFully(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes that nobody needs any more; their place is used again. */
    public synchronized void free(Slice slice) {
        if (slice.length() == 0) {
            return;
        }
        long from = slice.offset();
        long to = slice.end();
        var before = gaps.floorEntry(from);
        if (before != null && before.getValue() == from) {
            from = before.getKey();
        }
        Long after = gaps.remove(to);
        to = after == null ? to : after;
        if (to < end) {
            gaps.put(from, to);
        } else {
            gaps.remove(from);
            cut(from);
        }
    }

    /** The bytes that the file has on disk. */
    public synchronized long size() {
        return end;
    }

    /** The smallest gap that is large enough, or the end. */
    private long place(int length) {
        var best =
                gaps.entrySet().stream()
                        .filter(gap -> gap.getValue() - gap.getKey() >= length)
                        .min(Comparator.comparingLong(gap -> gap.getValue() - gap.getKey()));
        if (length == 0 || best.isEmpty()) {
            return end;
        }
        long from = best.get().getKey();
        long to = best.get().getValue();
        gaps.remove(from);
        if (to - from > length) {
            gaps.put(from + length, to);
        }
        return from;
    }

    private void cut(long length) {
        end = length;
        try {
            if (file != null) {
                file.setLength(length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RandomAccessFile open() throws IOException {
        if (closed) {
            throw new IOException("Closed.");
        }
        if (file == null) {
            Path path = Files.createTempFile("flink-peft-versions", null); // for this user alone
            file = new RandomAccessFile(path.toFile(), "rw");
            File named = path.toFile();
            if (!named.delete()) {
                named.deleteOnExit(); // a system that keeps the names of open files
            }
        }
        return file;
    }

    /** Gives the disk back. A second call does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            if (file != null) {
                file.close();
                file = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
