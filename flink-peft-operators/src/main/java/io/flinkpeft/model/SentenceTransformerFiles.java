package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The files that sentence-transformers puts beside a model. */
final class SentenceTransformerFiles {

    private static final String MODULES = "modules.json";
    private static final String LENGTH = "sentence_bert_config.json";
    private static final String FLAG = "pooling_mode_";

    /** The sum of the vectors over the root of their number: a mean of another length. */
    private static final String SCALED = "mean_sqrt_len_tokens";

    private SentenceTransformerFiles() {}

    /** How the model was trained to pool; empty if nothing says. */
    static Optional<Pooling> pooling(Path directory) throws IOException {
        Optional<Path> module = poolingModule(directory);
        return module.isEmpty()
                ? Optional.empty()
                : Optional.of(pooling(module.get(), modes(module.get())));
    }

    /** Whether its vectors are not a mean but as long as a text makes them. */
    static boolean scalesByLength(Path directory) throws IOException {
        Optional<Path> module = poolingModule(directory);
        return module.isPresent() && modes(module.get()).equals(List.of(SCALED));
    }

    /** The folders of its modules, but of the model itself. */
    static List<String> folders(Path directory) throws IOException {
        List<String> folders = new ArrayList<>();
        Path modules = directory.resolve(MODULES);
        if (Files.isRegularFile(modules)) {
            JsonFiles.read(modules).forEach(module -> folders.add(module.path("path").asText()));
        }
        return folders.stream().filter(folder -> folder.matches("\\w+")).toList();
    }

    private static Optional<Path> poolingModule(Path directory) throws IOException {
        Path modules = directory.resolve(MODULES);
        if (!Files.isRegularFile(modules)) {
            return Optional.empty();
        }
        for (JsonNode module : JsonFiles.read(modules)) {
            if (module.path("type").asText().endsWith(".Pooling")) {
                String folder = module.path("path").asText();
                if (!folder.matches("\\w+")) {
                    throw new IllegalArgumentException(
                            "File ("
                                    + modules
                                    + ") has a pooling path ("
                                    + folder
                                    + "), which must be a folder beside it.");
                }
                return Optional.of(directory.resolve(folder).resolve("config.json"));
            }
        }
        return Optional.empty();
    }

    private static List<String> modes(Path path) throws IOException {
        JsonNode json = JsonFiles.read(path);
        List<String> modes = new ArrayList<>();
        json.properties()
                .forEach(
                        field -> {
                            if (field.getKey().startsWith(FLAG) && field.getValue().asBoolean()) {
                                modes.add(field.getKey().substring(FLAG.length()));
                            }
                        });
        JsonNode named = json.path("pooling_mode");
        if (named.isTextual()) {
            modes.add(named.asText());
        }
        named.forEach(mode -> modes.add(mode.asText()));
        return modes;
    }

    private static Pooling pooling(Path path, List<String> modes) {
        return switch (modes.size() == 1 ? modes.get(0) : "") {
            case "mean_tokens", "mean" -> Pooling.MEAN;
            case SCALED -> Pooling.MEAN; // vectors have length 1
            case "cls_token", "cls" -> Pooling.CLS;
            case "lasttoken" -> Pooling.LAST;
            default ->
                    throw new IllegalArgumentException(
                            "File ("
                                    + path
                                    + ") pools by "
                                    + modes
                                    + ", must by mean, mean_sqrt_len_tokens, cls or lasttoken"
                                    + " alone.");
        };
    }

    /** The longest text the model was trained with, in tokens. */
    static OptionalInt maxTokens(Path directory) throws IOException {
        Path path = directory.resolve(LENGTH);
        if (!Files.isRegularFile(path)) {
            return OptionalInt.empty();
        }
        JsonNode length = JsonFiles.read(path).path("max_seq_length");
        return length.isInt() ? OptionalInt.of(length.intValue()) : OptionalInt.empty();
    }

    /** Writes what {@link #pooling} reads. */
    static void write(Path directory, Pooling pooling, int hiddenSize) throws IOException {
        var json = JsonFiles.JSON.writerWithDefaultPrettyPrinter();
        Path folder = Files.createDirectory(directory.resolve("1_Pooling"));
        json.writeValue(
                folder.resolve("config.json").toFile(),
                JsonFiles.JSON
                        .createObjectNode()
                        .put("word_embedding_dimension", hiddenSize)
                        .put("pooling_mode_cls_token", pooling == Pooling.CLS)
                        .put("pooling_mode_mean_tokens", pooling == Pooling.MEAN)
                        .put("pooling_mode_lasttoken", pooling == Pooling.LAST));
        json.writeValue(
                directory.resolve(MODULES).toFile(),
                List.of(module(0, "", "Transformer"), module(1, "1_Pooling", "Pooling")));
    }

    private static Map<String, Object> module(int index, String path, String type) {
        return Map.of(
                "idx",
                index,
                "name",
                Integer.toString(index),
                "path",
                path,
                "type",
                "sentence_transformers.models." + type);
    }
}
