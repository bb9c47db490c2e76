package io.flinkpeft.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * PEFT directories under a path:
 *
 * <pre>
 *   PATH/adapter_config.json            one adapter, its id is given
 *   PATH/ID/adapter_config.json         adapters ID, at step 0
 *   PATH/ID/STEP/adapter_config.json    adapters ID, the largest step of each that can serve
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
     * @param adapterId the id of a path that is one adapter itself; else the directory's name
     * @throws IllegalArgumentException if there are none, or a directory is not one
     */
    static List<Origin> list(Path path, Optional<String> adapterId) {
        if (Files.exists(path.resolve(CONFIG))) {
            String id = adapterId.orElseGet(() -> path.getFileName().toString());
            return List.of(new Origin.Directory(id, 0, path));
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

    /** The newest version of an adapter before a step, of a path that has several of each. */
    static Optional<Origin> earlier(Path path, String adapterId, long step) {
        Path directory = path.resolve(adapterId);
        return Files.exists(path.resolve(CONFIG)) || !Files.isDirectory(directory)
                ? Optional.empty()
                : newest(directory, step);
    }

    private static Origin newest(Path directory) {
        String id = directory.getFileName().toString();
        if (Files.exists(directory.resolve(CONFIG))) {
            return new Origin.Directory(id, 0, directory);
        }
        return newest(directory, Long.MAX_VALUE)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Adapter directory ("
                                                + directory
                                                + ") must hold "
                                                + CONFIG
                                                + ", or directories named by step that do."));
    }

    private static Optional<Origin> newest(Path directory, long before) {
        String id = directory.getFileName().toString();
        return directories(directory).stream()
                .filter(version -> version.getFileName().toString().matches("\\d{1,18}"))
                .filter(version -> Files.exists(version.resolve(CONFIG)))
                .<Origin>map(version -> new Origin.Directory(id, step(version), version))
                .filter(origin -> origin.step() < before)
                .max(Comparator.comparingLong(Origin::step));
    }

    private static long step(Path version) {
        return Long.parseLong(version.getFileName().toString());
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
