package io.flinkpeft.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A text file that appears whole, when it is committed, or not at all. */
final class OutputFile implements AutoCloseable {

    private final Path target;
    private final Path part;
    private final BufferedWriter writer;

    private OutputFile(Path target, Path part, BufferedWriter writer) {
        this.target = target;
        this.part = part;
        this.writer = writer;
    }

    static OutputFile create(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException("--output (" + path + ") must be a file.");
        }
        boolean stream = isStream(path);
        // what a link means is written, the link stays
        Path target = Files.isRegularFile(path) ? path.toRealPath() : path.toAbsolutePath();
        if (!stream) {
            Files.createDirectories(target.getParent());
        }
        Path part =
                stream
                        ? Files.createTempFile("flink-peft", ".part")
                        : target.resolveSibling(
                                "." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        return new OutputFile(target, part, Files.newBufferedWriter(part, StandardCharsets.UTF_8));
    }

    /** A pipe or a device, such as /dev/stdout, stays what it is. */
    private static boolean isStream(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path);
    }

    Writer writer() {
        return writer;
    }

    void commit() throws IOException {
        writer.close();
        if (isStream(target)) {
            try (OutputStream stream = Files.newOutputStream(target)) {
                Files.copy(part, stream);
            }
        } else {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
        Files.deleteIfExists(part);
    }
}
