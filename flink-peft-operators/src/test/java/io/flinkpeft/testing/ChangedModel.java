package io.flinkpeft.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** A model of the golden grid whose files are changed as {@code generate_models.py} does. */
public final class ChangedModel {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the tokenizer of {@link #withUnknownToken} knows and its model does not. */
    public static final String UNKNOWN = "<new>";

    private ChangedModel() {}

    /** A model whose tokenizer has a token for which there is no embedding. */
    public static Path withUnknownToken(String architecture, Path target) throws IOException {
        write(JSON.createObjectNode().put("model", architecture), target);
        Path file = target.resolve("tokenizer.json");
        var tokenizer = (ObjectNode) TinyModels.json(file);
        int rows = TinyModels.json(target.resolve("config.json")).get("vocab_size").asInt();
        ((ArrayNode) tokenizer.get("added_tokens"))
                .addObject()
                .put("id", rows)
                .put("content", UNKNOWN)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        Files.writeString(file, tokenizer.toString());
        return target;
    }

    /**
     * Writes one.
     *
     * @param change with {@code model}, {@code config}, {@code without} and {@code tensors}
     */
    public static Path write(JsonNode change, Path target) throws IOException {
        Path source =
                TinyModels.golden().resolve("grid/" + change.path("model").asText() + "/model");
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(source.resolve(file), target.resolve(file));
        }
        var config = (ObjectNode) TinyModels.json(source.resolve("config.json"));
        change.path("config").properties().forEach(e -> config.set(e.getKey(), e.getValue()));
        change.path("without").forEach(key -> config.remove(key.asText()));
        JSON.writeValue(target.resolve("config.json").toFile(), config);
        Map<String, TensorView> tensors =
                new TreeMap<>(SafetensorsFile.open(source.resolve("model.safetensors")).tensors());
        for (JsonNode operation : change.path("tensors")) {
            tensors = changed(tensors, operation);
        }
        SafetensorsWriter.write(
                target.resolve("model.safetensors"), tensors.values(), Map.of("format", "pt"));
        return target;
    }

    private static Map<String, TensorView> changed(Map<String, TensorView> all, JsonNode op) {
        String first = op.get(1).asText();
        Map<String, TensorView> changed = new TreeMap<>(all);
        switch (op.get(0).asText()) {
            case "rename" -> {
                changed.clear();
                UnaryOperator<String> name = n -> n.replaceAll(first, op.get(2).asText());
                all.values().forEach(t -> changed.put(name.apply(t.name()), named(t, name)));
            }
            case "drop" ->
                    changed.keySet().removeIf(name -> Pattern.compile(first).matcher(name).find());
            case "wave" -> changed.put(first, wave(first, op.get(2), op.get(3).asDouble()));
            case "copy" -> {
                String to = op.get(2).asText();
                changed.put(to, scaled(all.get(first), to, (float) op.get(3).asDouble()));
            }
            case "rows" -> changed.put(first, rows(all.get(first), op.get(2).asInt()));
            default -> throw new IllegalArgumentException(op.toString());
        }
        return changed;
    }

    private static TensorView named(TensorView tensor, UnaryOperator<String> name) {
        return tensor.named(name.apply(tensor.name()));
    }

    private static TensorView wave(String name, JsonNode dimensions, double scale) {
        long[] shape =
                StreamSupport.stream(dimensions.spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .toArray();
        float[] values =
                new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * Math.sin(0.7 * i + 1));
        }
        return TensorView.of(name, values, shape);
    }

    private static TensorView scaled(TensorView tensor, String name, float factor) {
        float[] values = tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return TensorView.of(name, values, tensor.dimensions());
    }

    private static TensorView rows(TensorView tensor, int rows) {
        long[] shape = tensor.dimensions();
        int size = Math.toIntExact(tensor.elements() / shape[0]);
        shape[0] = rows;
        return TensorView.of(tensor.name(), Arrays.copyOf(tensor.toFloats(), rows * size), shape);
    }
}
