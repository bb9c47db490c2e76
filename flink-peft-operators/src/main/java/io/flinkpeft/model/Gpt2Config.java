package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What {@code config.json} says of a GPT-2 model. Fields that a file may leave out have the
 * defaults of transformers.
 *
 * @param hiddenSize width of the residual stream, {@code n_embd}
 * @param layers how many decoder layers
 * @param heads attention heads of a layer; divides {@code hiddenSize}
 * @param intermediateSize width of the feed-forward layer; default 4 times {@code hiddenSize}
 * @param vocabularySize rows of the token embedding
 * @param maxPositions rows of the position embedding
 * @param layerNormEpsilon default 1e-5
 * @param activation of the feed-forward layer; default {@code gelu_new}
 * @param scaled whether attention divides its scores by the root of a head's width; default true
 * @param scaledByLayer whether it divides those of layer {@code i}, from 0, by {@code i + 1};
 *     default false
 * @param tied whether the token embedding gives the logits of the vocabulary; default true
 * @param architectures the classes it was saved from, such as {@code GPT2LMHeadModel}
 * @param labels of the classes of a classification head, by id
 */
record Gpt2Config(
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        int vocabularySize,
        int maxPositions,
        double layerNormEpsilon,
        String activation,
        boolean scaled,
        boolean scaledByLayer,
        boolean tied,
        List<String> architectures,
        List<String> labels)
        implements ModelConfig {

    static final String MODEL_TYPE = "gpt2";

    Gpt2Config {
        architectures = List.copyOf(architectures);
        labels = List.copyOf(labels);
        if (hiddenSize % heads != 0) {
            throw new IllegalArgumentException(
                    "n_embd (" + hiddenSize + ") must be a multiple of n_head (" + heads + ").");
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static Gpt2Config of(JsonNode json) {
        var config = new ConfigJson(json);
        config.refuse("add_cross_attention", "false");
        int hiddenSize = config.positive("n_embd", 768, "hidden_size");
        return new Gpt2Config(
                hiddenSize,
                config.positive("n_layer", 12, "num_hidden_layers"),
                config.positive("n_head", 12, "num_attention_heads"),
                config.positive("n_inner", 4 * hiddenSize),
                config.positive("vocab_size", 50257),
                config.positive("n_positions", 1024, "max_position_embeddings"),
                json.path("layer_norm_epsilon").asDouble(1e-5),
                json.path("activation_function").asText("gelu_new"),
                json.path("scale_attn_weights").asBoolean(true),
                json.path("scale_attn_by_inverse_layer_idx").asBoolean(false),
                TiedOutput.said(json),
                config.architectures(),
                config.labels());
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    @Override
    public boolean embedsSegmentsAsTokens() {
        return true;
    }
}
