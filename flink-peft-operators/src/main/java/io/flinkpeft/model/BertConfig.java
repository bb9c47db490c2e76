package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What {@code config.json} says of a BERT model. Fields that a file may leave out have the defaults
 * of transformers.
 *
 * @param hiddenSize width of the residual stream
 * @param layers how many encoder layers
 * @param heads attention heads of a layer; divides {@code hiddenSize}
 * @param intermediateSize width of the feed-forward layer
 * @param vocabularySize rows of the word embedding
 * @param maxPositions the longest text, in tokens
 * @param segments rows of the token type embedding; default 2
 * @param layerNormEpsilon default 1e-12
 * @param activation of the feed-forward layer, as transformers names it; default {@code gelu}
 * @param padTokenId default 0
 * @param architectures the classes it was saved from, such as {@code BertModel}; may be empty
 * @param labels of the classes of a classification head, by id; default {@code LABEL_0, LABEL_1}
 */
public record BertConfig(
        int hiddenSize,
        int layers,
        int heads,
        int intermediateSize,
        int vocabularySize,
        int maxPositions,
        int segments,
        double layerNormEpsilon,
        String activation,
        int padTokenId,
        List<String> architectures,
        List<String> labels)
        implements ModelConfig {

    static final String MODEL_TYPE = "bert";

    public BertConfig {
        architectures = List.copyOf(architectures);
        labels = List.copyOf(labels);
        if (hiddenSize % heads != 0) {
            throw new IllegalArgumentException(
                    "hidden_size ("
                            + hiddenSize
                            + ") must be a multiple of num_attention_heads ("
                            + heads
                            + ").");
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static BertConfig of(JsonNode json) {
        return of(json, 0);
    }

    static BertConfig of(JsonNode json, int padTokenId) {
        var config = new ConfigJson(json);
        config.refuse("is_decoder", "false");
        config.refuse("add_cross_attention", "false");
        config.refuse("position_embedding_type", "absolute");
        return new BertConfig(
                config.positive("hidden_size"),
                config.positive("num_hidden_layers"),
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.positive("vocab_size"),
                config.positive("max_position_embeddings"),
                config.positive("type_vocab_size", 2),
                json.path("layer_norm_eps").asDouble(1e-12),
                json.path("hidden_act").asText("gelu"),
                json.path("pad_token_id").asInt(padTokenId),
                config.architectures(),
                config.labels());
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }
}
