package io.flinkpeft.model;

import io.flinkpeft.safetensors.DType;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a Hugging Face directory of a BERT model that PyTorch exported to ONNX.
 *
 * <p>The export keeps the names of biases, norms and embeddings. It renames and transposes the
 * weights of linear layers; these are found again by their wiring: the addition of a bias has the
 * product with its weight on the other side.
 *
 * <pre>{@code
 * MatMul(x, onnx::MatMul_885) -> m
 * Add(encoder.layer.0.attention.self.query.bias, m)
 * }</pre>
 */
public final class OnnxImporter {

    private static final String BIAS = ".bias";

    private final OnnxGraph graph;

    private OnnxImporter(OnnxGraph graph) {
        this.graph = graph;
    }

    /**
     * Writes {@code config.json}, {@code model.safetensors}, {@code tokenizer.json} and the pooling
     * files into an empty directory.
     *
     * @param onnx the graph
     * @param tokenizer its {@code tokenizer.json}; truncation and padding are taken out
     * @param pooling how the model was trained to pool, which the graph does not say
     * @throws IllegalArgumentException if the graph is not a BERT model, or was exported otherwise
     */
    public static void convert(Path onnx, Path tokenizer, Pooling pooling, Path directory)
            throws IOException {
        var importer = new OnnxImporter(OnnxGraph.open(onnx));
        BertConfig config = importer.config();
        Files.write(
                directory.resolve(TextTokenizer.FILE),
                JsonFiles.JSON.writeValueAsBytes(TextTokenizer.plain(tokenizer)));
        SentenceTransformerFiles.write(directory, pooling, config.hiddenSize());
        writeConfig(directory.resolve("config.json"), config);
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                importer.tensors(config),
                Map.of("format", "pt"));
    }

    private List<TensorView> tensors(BertConfig config) {
        var tensors = new ArrayList<TensorView>();
        for (String table : List.of("word", "position", "token_type")) {
            tensors.add(graph.initializer("embeddings." + table + "_embeddings.weight"));
        }
        norm("embeddings", tensors);
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layer." + i + ".";
            for (String part : List.of("query", "key", "value")) {
                linear(layer + "attention.self." + part, tensors);
            }
            linear(layer + "attention.output.dense", tensors);
            norm(layer + "attention.output", tensors);
            linear(layer + "intermediate.dense", tensors);
            linear(layer + "output.dense", tensors);
            norm(layer + "output", tensors);
        }
        if (graph.hasInitializer("pooler.dense.bias")) {
            linear("pooler.dense", tensors);
        }
        return tensors;
    }

    private void norm(String name, List<TensorView> tensors) {
        tensors.add(graph.initializer(name + ".LayerNorm.weight"));
        tensors.add(graph.initializer(name + ".LayerNorm.bias"));
    }

    private void linear(String name, List<TensorView> tensors) {
        tensors.add(graph.initializer(name + BIAS));
        tensors.add(
                graph.hasInitializer(name + ".weight")
                        ? graph.initializer(name + ".weight")
                        : transposed(byWiring(name)).named(name + ".weight"));
    }

    private TensorView byWiring(String name) {
        List<String> weights =
                graph.consumers(name + BIAS)
                        .filter(node -> node.getOpType().equals("Add"))
                        .flatMap(add -> add.getInputList().stream())
                        .map(graph::producer)
                        .filter(Objects::nonNull)
                        .filter(node -> node.getOpType().equals("MatMul"))
                        .map(product -> product.getInput(1))
                        .toList();
        if (weights.size() != 1) {
            throw new IllegalArgumentException(
                    "The graph must have one product to which "
                            + name
                            + BIAS
                            + " is added; it has "
                            + weights.size()
                            + ".");
        }
        return graph.initializer(weights.get(0));
    }

    /** From [in, out] to [out, in]. */
    private static TensorView transposed(TensorView tensor) {
        int rows = Math.toIntExact(tensor.shape().get(0));
        int columns = Math.toIntExact(tensor.shape().get(1));
        ByteBuffer from = tensor.data();
        var to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                to.putInt(from.getInt(4 * (row * columns + column)));
            }
        }
        var shape = List.of((long) columns, (long) rows);
        return new TensorView(tensor.name(), DType.F32, shape, to.flip());
    }

    private BertConfig config() {
        List<Long> words = graph.initializer("embeddings.word_embeddings.weight").shape();
        int layers = 0;
        while (graph.hasInitializer("encoder.layer." + layers + ".output.dense.bias")) {
            layers++;
        }
        return new BertConfig(
                Math.toIntExact(words.get(1)),
                layers,
                heads(words.get(1)),
                rows("encoder.layer.0.intermediate.dense.bias"),
                Math.toIntExact(words.get(0)),
                rows("embeddings.position_embeddings.weight"),
                rows("embeddings.token_type_embeddings.weight"),
                epsilon(),
                activation(),
                0,
                List.of("BertModel"),
                List.of());
    }

    private int rows(String name) {
        return Math.toIntExact(graph.initializer(name).shape().get(0));
    }

    /** The keys of the first layer are reshaped to [batch, tokens, heads, size of a head]. */
    private int heads(long hiddenSize) {
        List<List<Long>> shapes =
                graph.consumers("encoder.layer.0.attention.self.key.bias")
                        .flatMap(add -> graph.consumers(add.getOutput(0)))
                        .filter(node -> node.getOpType().equals("Reshape"))
                        .map(node -> graph.shape(node.getInput(1)))
                        .filter(shape -> shape.size() == 4)
                        .filter(shape -> shape.get(2) * shape.get(3) == hiddenSize)
                        .toList();
        if (shapes.isEmpty()) {
            throw new IllegalArgumentException(
                    "The graph must reshape the keys of layer 0 to heads.");
        }
        return Math.toIntExact(shapes.get(0).get(2));
    }

    /** What is added under the root of the first norm. */
    private double epsilon() {
        ByteBuffer value =
                graph.nodes("Sqrt")
                        .map(root -> graph.producer(root.getInput(0)))
                        .filter(Objects::nonNull)
                        .filter(node -> node.getOpType().equals("Add"))
                        .flatMap(add -> add.getInputList().stream())
                        .map(graph::constant)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "The graph must have layer norms with an epsilon."));
        // by way of text: 1e-12 and not the double nearest to the float nearest to it
        return Double.parseDouble(Float.toString(value.getFloat()));
    }

    private String activation() {
        if (graph.nodes("Erf").findAny().isEmpty()) {
            throw new IllegalArgumentException(
                    "The graph must use gelu in its exact form, with Erf.");
        }
        return "gelu";
    }

    private static void writeConfig(Path path, BertConfig config) throws IOException {
        var json =
                JsonFiles.JSON
                        .createObjectNode()
                        .put("model_type", BertConfig.MODEL_TYPE)
                        .put("hidden_size", config.hiddenSize())
                        .put("num_hidden_layers", config.layers())
                        .put("num_attention_heads", config.heads())
                        .put("intermediate_size", config.intermediateSize())
                        .put("vocab_size", config.vocabularySize())
                        .put("max_position_embeddings", config.maxPositions())
                        .put("type_vocab_size", config.segments())
                        .put("layer_norm_eps", config.layerNormEpsilon())
                        .put("hidden_act", config.activation())
                        .put("pad_token_id", config.padTokenId());
        config.architectures().forEach(json.putArray("architectures")::add);
        JsonFiles.JSON.writerWithDefaultPrettyPrinter().writeValue(path.toFile(), json);
    }
}
