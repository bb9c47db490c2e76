package io.flinkpeft.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * PEFT directories under a path:
 *
 * <pre>
 *   PATH/adapter_config.json            one adapter, its id is given
 *   PATH/ID/adapter_config.json         adapters ID, at step 0
 *   PATH/ID/STEP/adapter_config.json    adapters ID, the largest step of each
 * </pre>
 *
 * <p>Files and directories whose names begin with a dot are left alone.
 */
final class AdapterDirectories {

    private static final String CONFIG = "adapter_config.json";

    private AdapterDirectories() {}

    /**
     * Lists them; loads nothing.
     *
     * @param adapterId the id of a path that is one adapter itself; null takes the directory's name
     * @throws IllegalArgumentException if there are none, or a directory is not one
     */
    static List<Origin> list(Path path, String adapterId) {
        if (Files.exists(path.resolve(CONFIG))) {
            String id = adapterId == null ? path.getFileName().toString() : adapterId;
            return List.of(Origin.of(id, 0, path));
        }
        var origins = new ArrayList<Origin>();
        for (Path directory : directories(path)) {
            origins.add(newest(directory));
        }
        if (origins.isEmpty()) {
            throw new IllegalArgumentException(
                    "versions.path (" + path + ") must hold directories with " + CONFIG + ".");
        }
        return origins;
    }

    private static Origin newest(Path directory) {
        String id = directory.getFileName().toString();
        if (Files.exists(directory.resolve(CONFIG))) {
            return Origin.of(id, 0, directory);
        }
        Origin newest = null;
        for (Path version : directories(directory)) {
            String step = version.getFileName().toString();
            if (step.matches("\\d{1,18}") && Files.exists(version.resolve(CONFIG))) {
                Origin origin = Origin.of(id, Long.parseLong(step), version);
                newest = newest == null || newest.step() < origin.step() ? origin : newest;
            }
        }
        if (newest == null) {
            throw new IllegalArgumentException(
                    "Adapter directory ("
                            + directory
                            + ") must hold "
                            + CONFIG
                            + ", or directories named by step that do.");
        }
        return newest;
    }

    private static List<Path> directories(Path path) {
        if (!Files.isDirectory(path)) {
            throw new IllegalArgumentException(
                    "versions.path (" + path + ") must be a directory on every TaskManager.");
        }
        try (var children = Files.list(path)) {
            return children.filter(Files::isDirectory)
                    .filter(child -> !child.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
