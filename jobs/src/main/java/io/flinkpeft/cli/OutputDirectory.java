package io.flinkpeft.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory of files that appears whole, when it is committed, or not at all. One that is there
 * is taken over if it is empty or holds such files only; each of them is replaced as a whole.
 */
final class OutputDirectory implements AutoCloseable {

    private final Path target;
    private final Path part;
    private final Set<String> names;

    private OutputDirectory(Path target, Path part, Set<String> names) {
        this.target = target;
        this.part = part;
        this.names = names;
    }

    /**
     * Prepares a directory that may replace one.
     *
     * @param names the files that it may hold, if it may be overwritten
     */
    static OutputDirectory create(Path path, Set<String> names, Overwriting overwriting)
            throws IOException {
        OutputDirectory directory = create(path, names);
        if (!overwriting.allowed() && Files.exists(directory.target)) {
            List<String> there = children(directory.target);
            if (!there.isEmpty()) {
                directory.close();
                throw new IllegalArgumentException(
                        "--output ("
                                + path
                                + ") holds "
                                + there.get(0)
                                + ", must be empty. Maybe give --overwrite, which replaces an"
                                + " adapter.");
            }
        }
        return directory;
    }

    /**
     * Prepares a directory.
     *
     * @param names the files that it may hold
     */
    static OutputDirectory create(Path path, Set<String> names) throws IOException {
        Path target = path.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            if (!Files.isDirectory(target)) {
                throw new IllegalArgumentException("--output (" + path + ") must be a directory.");
            }
            for (String name : children(target)) {
                if (!names.contains(name)) {
                    throw new IllegalArgumentException(
                            "--output ("
                                    + path
                                    + ") holds "
                                    + name
                                    + ", must be empty"
                                    + (names.isEmpty() ? "." : " or hold an adapter only."));
                }
            }
        }
        Files.createDirectories(target.getParent());
        Path part =
                target.resolveSibling(
                        "." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        return new OutputDirectory(target, Files.createDirectory(part), names);
    }

    private static List<String> children(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Where to write. */
    Path path() {
        return part;
    }

    void commit() throws IOException {
        if (!Files.exists(target)) {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        List<String> written = children(part);
        for (String name : written) {
            Files.move(part.resolve(name), target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        for (String name : names) {
            if (!written.contains(name)) {
                Files.deleteIfExists(target.resolve(name));
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(part)) {
            List<Path> files;
            try (Stream<Path> walk = Files.walk(part)) {
                files = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }
}
