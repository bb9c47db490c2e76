package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What {@code config.json} says of a Llama, Qwen 2 or Qwen 3 model. Fields that a file may leave
 * out have the defaults of transformers.
 *
 * @param modelType {@code llama}, {@code qwen2} or {@code qwen3}
 * @param hiddenSize width of the residual stream
 * @param layers how many decoder layers
 * @param heads attention heads of a layer
 * @param keyHeads heads of its keys and values; divides {@code heads}; default as many
 * @param headSize width of a head; default {@code hiddenSize / heads}, of Qwen 3 128
 * @param intermediateSize width of the feed-forward layer
 * @param vocabularySize rows of the embedding
 * @param maxPositions the longest text, in tokens
 * @param epsilon of the norms; default 1e-6
 * @param activation of the feed-forward layer; default {@code silu}
 * @param rotation of the positions
 * @param bias which linear layers have one
 * @param tied whether the embedding gives the logits of the vocabulary; default false
 * @param architectures the classes it was saved from, such as {@code LlamaForCausalLM}
 * @param labels of the classes of a classification head, by id
 */
record LlamaConfig(
        String modelType,
        int hiddenSize,
        int layers,
        int heads,
        int keyHeads,
        int headSize,
        int intermediateSize,
        int vocabularySize,
        int maxPositions,
        double epsilon,
        String activation,
        Rotation rotation,
        Bias bias,
        boolean tied,
        List<String> architectures,
        List<String> labels)
        implements ModelConfig {

    static final String LLAMA = "llama";
    static final String QWEN2 = "qwen2";
    static final String QWEN3 = "qwen3";

    /**
     * Which linear layers have a bias.
     *
     * @param input query, key and value
     * @param output the output of the attention
     * @param feedForward gate, up and down
     */
    record Bias(boolean input, boolean output, boolean feedForward) {}

    LlamaConfig {
        architectures = List.copyOf(architectures);
        labels = List.copyOf(labels);
        if (heads % keyHeads != 0) {
            throw new IllegalArgumentException(
                    "num_attention_heads ("
                            + heads
                            + ") must be a multiple of num_key_value_heads ("
                            + keyHeads
                            + ").");
        }
        if (headSize % 2 != 0) {
            throw new IllegalArgumentException("head_dim (" + headSize + ") must be even.");
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static LlamaConfig of(JsonNode json) {
        var config = new ConfigJson(json);
        String type = json.path("model_type").asText();
        config.refuse("use_sliding_window", "false");
        if (type.equals(LLAMA)) {
            // the slices of a weight give what the whole does, to rounding
            config.positive("pretraining_tp", 1);
        }
        json.path("layer_types")
                .forEach(
                        layer -> {
                            if (!layer.asText().equals("full_attention")) {
                                throw new IllegalArgumentException(
                                        "layer_types ("
                                                + layer.asText()
                                                + ") must be full_attention.");
                            }
                        });
        int hiddenSize = config.positive("hidden_size");
        int heads = config.positive("num_attention_heads");
        return new LlamaConfig(
                type,
                hiddenSize,
                config.positive("num_hidden_layers"),
                heads,
                config.positive("num_key_value_heads", keyHeads(type, heads)),
                config.positive("head_dim", type.equals(QWEN3) ? 128 : hiddenSize / heads),
                config.positive("intermediate_size"),
                config.positive("vocab_size"),
                config.positive("max_position_embeddings", type.equals(LLAMA) ? 2048 : 32768),
                json.path("rms_norm_eps").asDouble(1e-6),
                json.path("hidden_act").asText("silu"),
                Rotation.of(json),
                bias(type, json),
                TiedOutput.said(json),
                config.architectures(),
                config.labels());
    }

    private static int keyHeads(String type, int heads) {
        return type.equals(LLAMA) ? heads : 32;
    }

    private static Bias bias(String type, JsonNode json) {
        if (type.equals(QWEN2)) {
            return new Bias(true, false, false);
        }
        boolean attention = json.path("attention_bias").asBoolean(false);
        return new Bias(attention, attention, json.path("mlp_bias").asBoolean(false));
    }

    /** Whether queries and keys are normalised, head by head. */
    boolean headNorms() {
        return modelType.equals(QWEN3);
    }
}
