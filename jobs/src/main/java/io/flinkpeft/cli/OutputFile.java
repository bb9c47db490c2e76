package io.flinkpeft.cli;

import java.io.BufferedWriter;
import java.io.IOException;
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
        Path target = path.toAbsolutePath();
        if (Files.isDirectory(target)) {
            throw new IllegalArgumentException("--output (" + path + ") must be a file.");
        }
        Files.createDirectories(target.getParent());
        Path part =
                target.resolveSibling(
                        "." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        return new OutputFile(target, part, Files.newBufferedWriter(part, StandardCharsets.UTF_8));
    }

    Writer writer() {
        return writer;
    }

    void commit() throws IOException {
        writer.close();
        // a pipe or a device, such as /dev/stdout, stays what it is
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            Files.copy(part, Files.newOutputStream(target));
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
