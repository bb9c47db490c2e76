package io.flinkpeft.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hashes of large files, computed once in a process: each operator of a job asks for the same.
 *
 * <p>Files are the same while their paths, sizes, identities and times of change are. A file that
 * changed a moment ago is hashed each time, as its next change might have the same time.
 */
final class FileHashes {

    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Map<Key, String> KNOWN = new ConcurrentHashMap<>();
    private static final Map<Key, CompletableFuture<String>> IN_WORK = new ConcurrentHashMap<>();

    private FileHashes() {}

    /** Reads the files. */
    interface Hash {
        String compute() throws IOException;
    }

    private record Key(String kind, List<Stamp> files) {}

    private record Stamp(Path path, Object identity, long bytes, FileTime changed) {
        static Stamp of(Path path) throws IOException {
            var file = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(
                    path.toRealPath(), file.fileKey(), file.size(), file.lastModifiedTime());
        }
    }

    /**
     * The hash of some files.
     *
     * @param kind what is hashed and how
     * @param hash computes it if it is not known
     */
    static String of(String kind, List<Path> files, Hash hash) throws IOException {
        var stamps = new ArrayList<Stamp>();
        for (Path file : files) {
            stamps.add(Stamp.of(file));
        }
        var key = new Key(kind, List.copyOf(stamps));
        String known = KNOWN.get(key);
        if (known != null) {
            return known;
        }
        var own = new CompletableFuture<String>();
        var others = IN_WORK.putIfAbsent(key, own);
        if (others != null) { // many subtasks start at once
            String computed = others.handle((result, failure) -> result).join();
            return computed == null ? hash.compute() : computed;
        }
        try {
            own.complete(compute(key, hash));
        } catch (IOException | RuntimeException | Error e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            IN_WORK.remove(key, own);
        }
        return own.join();
    }

    private static String compute(Key key, Hash hash) throws IOException {
        var settled = FileTime.from(Instant.now().minus(SETTLED));
        String computed = hash.compute();
        List<Stamp> stamps = key.files();
        if (stamps.stream().allMatch(stamp -> stamp.changed().compareTo(settled) < 0)) {
            KNOWN.put(key, computed);
        }
        return computed;
    }
}
