package io.flinkpeft.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that appears whole or not at all, also when the machine stops in between. */
public final class DurableFile {

    /** Writes the content. */
    public interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    private DurableFile() {}

    /**
     * Writes beside the path, forces the bytes to disk, and moves the file into place; a file that
     * was there is replaced.
     */
    public static void write(Path path, Content content) throws IOException {
        Path target = path.toAbsolutePath();
        Path part =
                target.resolveSibling(
                        "." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(target.getParent());
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Writes these bytes. */
    public static void write(Path path, byte[] bytes) throws IOException {
        write(path, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Makes the new name durable; some systems cannot open a directory, and need not. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // the content is on disk; only a crash in the next seconds could lose the name
        }
    }
}
