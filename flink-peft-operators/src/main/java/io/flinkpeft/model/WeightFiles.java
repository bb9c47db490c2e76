package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tensors of a model directory: one safetensors file, or several with an index. */
public final class WeightFiles {

    /** Says which tensor is in which of several files. */
    public static final String INDEX = "model.safetensors.index.json";

    private static final String SINGLE = "model.safetensors";
    private static final String PICKLE = "pytorch_model.bin";
    private static final String SUFFIX = ".safetensors";

    private WeightFiles() {}

    /** All tensors by name, mapped into memory. */
    static Map<String, TensorView> read(Path directory) throws IOException {
        var tensors = new TreeMap<String, TensorView>();
        open(directory).values().forEach(file -> tensors.putAll(file.tensors()));
        return tensors;
    }

    /**
     * The files by their names, mapped into memory.
     *
     * @throws IllegalArgumentException if there are none, or they are not those of the index
     * @throws IOException if reading fails
     */
    public static SortedMap<String, SafetensorsFile> open(Path directory) throws IOException {
        if (Files.isRegularFile(directory.resolve(SINGLE))) {
            return new TreeMap<>(Map.of(SINGLE, SafetensorsFile.open(directory.resolve(SINGLE))));
        }
        if (Files.isRegularFile(directory.resolve(INDEX))) {
            return sharded(directory);
        }
        if (Files.exists(directory.resolve(PICKLE))
                || Files.exists(directory.resolve(PICKLE + ".index.json"))) {
            throw new IllegalArgumentException(
                    "Model "
                            + directory
                            + " has its weights as a pickle ("
                            + PICKLE
                            + "), must have "
                            + SINGLE
                            + ". Maybe load and save it with transformers; a pickle can run any"
                            + " code.");
        }
        throw new IllegalArgumentException(
                "Model " + directory + " must have " + SINGLE + " or " + INDEX + ".");
    }

    /** The files of that form in a directory, in the order of names. */
    static List<Path> list(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    private static SortedMap<String, SafetensorsFile> sharded(Path directory) throws IOException {
        Path index = directory.resolve(INDEX);
        JsonNode map = JsonFiles.read(index).path("weight_map");
        if (!map.isObject()) {
            throw new IllegalArgumentException("File (" + index + ") must have a weight_map.");
        }
        var expected = new TreeMap<String, Set<String>>();
        map.properties()
                .forEach(
                        entry ->
                                expected.computeIfAbsent(
                                                shard(index, entry.getValue()),
                                                k -> new TreeSet<>())
                                        .add(entry.getKey()));
        var files = new TreeMap<String, SafetensorsFile>();
        for (var shard : expected.entrySet()) {
            Path path = directory.resolve(shard.getKey());
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException(
                        "File (" + path + ") must exist: " + INDEX + " names it.");
            }
            var file = SafetensorsFile.open(path);
            if (!file.tensors().keySet().equals(shard.getValue())) {
                throw new IllegalArgumentException(
                        "File ("
                                + path
                                + ") must hold the tensors that "
                                + INDEX
                                + " says, no more and no less.");
            }
            files.put(shard.getKey(), file);
        }
        return files;
    }

    /** A file beside the index; links are followed, as model caches consist of them. */
    private static String shard(Path index, JsonNode value) {
        String name = value.asText();
        if (!value.isTextual()
                || !name.endsWith(SUFFIX)
                || name.contains("/")
                || name.contains("\\")
                || name.startsWith(".")) {
            throw new IllegalArgumentException(
                    "File ("
                            + index
                            + ") names a shard ("
                            + name
                            + "), which must be a .safetensors file beside it.");
        }
        return name;
    }
}
