package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.adapter.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Directories that are made once and then only read.
 *
 * <p>A directory appears by one rename, with the SHA-256 of its files inside; it is used only if
 * they agree, and made anew if not. When two processes make the same, the first rename counts.
 */
final class ModelCache {

    /** The file with the hashes of the others. */
    static final String MANIFEST = "manifest.json";

    /** Fills a new directory. */
    interface Maker {
        void make(Path directory) throws IOException;
    }

    private final Path root;

    private ModelCache(Path root) {
        this.root = root;
    }

    static ModelCache under(Path root) {
        return new ModelCache(root);
    }

    /** The directory of that name, made now if there is none, or a broken one. */
    Path get(String name, Maker maker) throws IOException {
        Path directory = root.resolve(name);
        if (isSound(directory)) {
            return directory;
        }
        Files.createDirectories(root);
        Path part = Files.createDirectory(root.resolve("." + name + "." + UUID.randomUUID()));
        try {
            maker.make(part);
            writeManifest(part);
            moveIntoPlace(part, directory);
        } finally {
            delete(part);
        }
        if (!isSound(directory)) {
            throw new IOException("Directory (" + directory + ") changed while it was made.");
        }
        return directory;
    }

    private void moveIntoPlace(Path part, Path directory) throws IOException {
        if (Files.exists(directory) && !isSound(directory)) {
            Path broken = root.resolve("." + directory.getFileName() + "." + UUID.randomUUID());
            Files.move(directory, broken, StandardCopyOption.ATOMIC_MOVE);
            delete(broken);
        }
        try {
            Files.move(part, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // another process was faster; a directory that is not empty is never replaced
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private static void writeManifest(Path directory) throws IOException {
        var manifest = JsonFiles.JSON.createObjectNode();
        for (Path file : files(directory)) {
            manifest.put(name(directory, file), hash(file));
        }
        Files.write(directory.resolve(MANIFEST), JsonFiles.JSON.writeValueAsBytes(manifest));
    }

    private static boolean isSound(Path directory) throws IOException {
        Path path = directory.resolve(MANIFEST);
        if (!Files.isRegularFile(path)) {
            return false;
        }
        JsonNode manifest;
        try {
            manifest = JsonFiles.read(path);
        } catch (IllegalArgumentException e) {
            return false;
        }
        int expected = 0;
        for (Path file : files(directory)) {
            String name = name(directory, file);
            if (!name.equals(MANIFEST)) {
                expected++;
                if (!manifest.path(name).asText().equals(hash(file))) {
                    return false;
                }
            }
        }
        return expected > 0 && expected == manifest.size();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String name(Path directory, Path file) {
        return directory.relativize(file).toString().replace('\\', '/');
    }

    private static String hash(Path file) throws IOException {
        return FileHashes.of("file", List.of(file), () -> read(file));
    }

    private static String read(Path file) throws IOException {
        var digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(file);
                var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        }
        return Sha256.hex(digest);
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
