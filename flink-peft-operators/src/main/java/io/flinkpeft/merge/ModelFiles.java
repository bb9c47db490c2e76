package io.flinkpeft.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.model.TiedOutput;
import io.flinkpeft.model.WeightFiles;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A base model as files: nothing is known of it but its tensors and {@code config.json}.
 *
 * @param path the directory
 * @param files the weights by file
 * @param tensors all of them by name
 * @param config {@code config.json}
 */
record ModelFiles(
        Path path,
        SortedMap<String, SafetensorsFile> files,
        SortedMap<String, TensorView> tensors,
        JsonNode config) {

    static final String CONFIG = "config.json";

    /** Architectures with linear layers that keep their weights transposed, and those layers. */
    private static final Set<String> CONV1D_MODELS =
            Set.of("gpt2", "openai-gpt", "imagegpt", "decision_transformer", "clvp");

    private static final Set<String> CONV1D_LAYERS = Set.of("c_attn", "c_proj", "c_fc", "q_attn");

    static ModelFiles open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("Model (" + directory + ") must be a directory.");
        }
        Path file = directory.resolve(CONFIG);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("File (" + file + ") must exist.");
        }
        JsonNode config = new ObjectMapper().readTree(Files.readAllBytes(file));
        if (config.hasNonNull("quantization_config")) {
            throw new IllegalArgumentException(
                    "Model "
                            + directory
                            + " has a quantization_config, must have none. Maybe use the model"
                            + " before quantization.");
        }
        var files = WeightFiles.open(directory);
        var tensors = new TreeMap<String, TensorView>();
        files.values().forEach(f -> tensors.putAll(f.tensors()));
        return new ModelFiles(directory, files, tensors, config);
    }

    /**
     * The tensor that a model has under a name. A checkpoint of the bare model lacks the name of
     * the model's part, such as {@code bert.}, and one of a model with a head has it where an
     * adapter of the bare model does not.
     */
    Optional<TensorView> find(String name) {
        if (tensors.containsKey(name)) {
            return Optional.of(tensors.get(name));
        }
        TensorView bare = tensors.get(name.substring(name.indexOf('.') + 1));
        if (bare != null && name.indexOf('.') != name.lastIndexOf('.')) {
            return Optional.of(bare);
        }
        List<TensorView> longer =
                tensors.keySet().stream()
                        .map(other -> other.substring(0, other.indexOf('.') + 1))
                        .distinct()
                        .map(prefix -> tensors.get(prefix + name))
                        .filter(tensor -> tensor != null)
                        .toList();
        return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
    }

    /** The weight of a layer that an adapter changes; of a tied output layer the embedding. */
    TensorView weight(String module) {
        String name = module + ".weight";
        boolean output = name.equals(TiedEmbedding.OUTPUT) && tied();
        return find(name)
                .or(() -> output ? words() : Optional.empty())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Model "
                                                + path
                                                + " has no tensor "
                                                + module
                                                + ".weight, the adapter changes it. Maybe the"
                                                + " adapter is for another model."));
    }

    /** Whether the output layer is the embedding. */
    boolean tied() {
        return TiedOutput.of(config, find(TiedEmbedding.OUTPUT), words());
    }

    /** The word embedding, if a tensor has one of its names. */
    Optional<TensorView> words() {
        return tensors.values().stream().filter(t -> TiedEmbedding.is(t.name())).findFirst();
    }

    /**
     * The tensors that are the weight of a layer that an adapter changes: of a tied output layer
     * the word embedding, and both where the checkpoint has both.
     */
    List<TensorView> weights(String module) {
        boolean output = (module + ".weight").equals(TiedEmbedding.OUTPUT);
        if (!output && !TiedEmbedding.isModule(module) || !tied()) {
            return List.of(weight(module));
        }
        TensorView own = output ? words().orElseGet(() -> weight(module)) : weight(module);
        return Stream.of(Optional.of(own), find(TiedEmbedding.OUTPUT))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /**
     * Whether a layer keeps its weight as {@code [in, out]}.
     *
     * @throws IllegalArgumentException if the weight has neither form
     */
    boolean isTransposed(String module, long out, long in) {
        List<Long> shape = weight(module).shape();
        boolean straight = shape.equals(List.of(out, in));
        boolean transposed = shape.equals(List.of(in, out));
        if (!straight && !transposed) {
            throw new IllegalArgumentException(
                    "The adapter has shape ["
                            + out
                            + ", "
                            + in
                            + "] for "
                            + module
                            + ", the model has "
                            + shape
                            + ". Maybe it is for another base model.");
        }
        return straight && transposed ? isConv1d(module) : transposed;
    }

    /**
     * A square weight does not show it. PEFT asks the class of the layer and corrects its setting.
     */
    private boolean isConv1d(String module) {
        return CONV1D_MODELS.contains(config.path("model_type").asText())
                && CONV1D_LAYERS.contains(module.substring(module.lastIndexOf('.') + 1));
    }
}
