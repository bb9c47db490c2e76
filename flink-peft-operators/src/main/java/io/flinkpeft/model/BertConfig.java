package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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
        List<String> labels) {

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
     * @throws IllegalArgumentException if it is of another architecture, or has a feature that
     *     changes what the model computes and is not supported
     */
    static BertConfig of(JsonNode json) {
        String type = json.path("model_type").asText("");
        if (!type.equals(MODEL_TYPE)) {
            throw new IllegalArgumentException(
                    "model_type (" + type + ") must be " + MODEL_TYPE + ".");
        }
        refuse(json, "is_decoder", "false");
        refuse(json, "add_cross_attention", "false");
        refuse(json, "position_embedding_type", "absolute");
        if (json.hasNonNull("quantization_config")) {
            throw new IllegalArgumentException(
                    "quantization_config must be absent. Maybe use the model before quantisation.");
        }
        return new BertConfig(
                positive(json, "hidden_size"),
                positive(json, "num_hidden_layers"),
                positive(json, "num_attention_heads"),
                positive(json, "intermediate_size"),
                positive(json, "vocab_size"),
                positive(json, "max_position_embeddings"),
                json.hasNonNull("type_vocab_size") ? positive(json, "type_vocab_size") : 2,
                json.path("layer_norm_eps").asDouble(1e-12),
                json.path("hidden_act").asText("gelu"),
                json.path("pad_token_id").asInt(0),
                strings(json.path("architectures")),
                labels(json));
    }

    private static void refuse(JsonNode json, String key, String only) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.isNull() && !value.asText().equals(only)) {
            throw new IllegalArgumentException(
                    key + " (" + value.asText() + ") must be " + only + ".");
        }
    }

    private static int positive(JsonNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isInt() || value.intValue() < 1) {
            throw new IllegalArgumentException(
                    key
                            + " ("
                            + (value.isMissingNode() ? "missing" : value)
                            + ") must be a whole number of at least 1.");
        }
        return value.intValue();
    }

    private static List<String> strings(JsonNode array) {
        var strings = new ArrayList<String>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }

    /** JSON has the ids as strings, in any order. */
    private static List<String> labels(JsonNode json) {
        JsonNode map = json.path("id2label");
        if (!map.isObject()) {
            int count = json.hasNonNull("num_labels") ? positive(json, "num_labels") : 2;
            return IntStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        var labels = new ArrayList<String>();
        for (int id = 0; id < map.size(); id++) {
            JsonNode label = map.path(Integer.toString(id));
            if (!label.isTextual()) {
                throw new IllegalArgumentException(
                        "id2label " + map + " must have a name for each id from 0 on.");
            }
            labels.add(label.asText());
        }
        return labels;
    }
}
