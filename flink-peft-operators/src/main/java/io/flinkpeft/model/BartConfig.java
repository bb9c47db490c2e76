package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;

/**
 * What {@code config.json} says of a BART model. Fields that a file may leave out have the defaults
 * of transformers.
 *
 * @param hiddenSize width of the residual stream, {@code d_model}
 * @param encoder sizes of the encoder
 * @param decoder sizes of the decoder
 * @param vocabularySize rows of the word embedding
 * @param maxPositions the longest text or target, in tokens
 * @param activation of the feed-forward layers; default {@code gelu}
 * @param scaled whether word embeddings are multiplied by the root of the width; default false
 * @param tied whether the word embedding gives the logits of the vocabulary; default true
 * @param start the token that a target starts with; default 2
 * @param architectures the classes it was saved from, such as {@code BartForConditionalGeneration}
 * @param labels of the classes of a classification head, by id
 */
record BartConfig(
        int hiddenSize,
        Side encoder,
        Side decoder,
        int vocabularySize,
        int maxPositions,
        String activation,
        boolean scaled,
        boolean tied,
        long start,
        List<String> architectures,
        List<String> labels)
        implements ModelConfig {

    static final String MODEL_TYPE = "bart";

    /** How many classes a file means that says nothing. */
    private static final int LABELS = 3;

    /**
     * Sizes of a side.
     *
     * @param layers default 12
     * @param heads attention heads of a layer; default 16
     * @param intermediateSize width of its feed-forward layers; default 4096
     */
    record Side(int layers, int heads, int intermediateSize) {}

    BartConfig {
        architectures = List.copyOf(architectures);
        labels = List.copyOf(labels);
        for (Side side : List.of(encoder, decoder)) {
            if (hiddenSize % side.heads() != 0) {
                throw new IllegalArgumentException(
                        "d_model ("
                                + hiddenSize
                                + ") must be a multiple of the attention heads ("
                                + side.heads()
                                + ").");
            }
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static BartConfig of(JsonNode json) {
        var config = new ConfigJson(json);
        config.refuse("is_encoder_decoder", "true");
        config.refuse("is_decoder", "false");
        config.refuse("add_final_layer_norm", "false");
        config.refuse("normalize_before", "false");
        config.refuse("normalize_embedding", "true");
        config.refuse("static_position_embeddings", "false");
        config.positive("encoder_layers", 12, "num_hidden_layers");
        config.positive("encoder_attention_heads", 16, "num_attention_heads");
        return new BartConfig(
                config.positive("d_model", 1024, "hidden_size"),
                side(config, "encoder_"),
                side(config, "decoder_"),
                config.positive("vocab_size", 50265),
                config.positive("max_position_embeddings", 1024),
                json.path("activation_function").asText("gelu"),
                json.path("scale_embedding").asBoolean(false),
                TiedOutput.said(json),
                json.path("decoder_start_token_id").asLong(2),
                config.architectures(),
                config.labels(LABELS));
    }

    private static Side side(ConfigJson config, String side) {
        return new Side(
                config.positive(side + "layers", 12),
                config.positive(side + "attention_heads", 16),
                config.positive(side + "ffn_dim", 4096));
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    @Override
    public int layers() {
        return encoder.layers();
    }

    @Override
    public int heads() {
        return encoder.heads();
    }

    @Override
    public OptionalLong decoderStart() {
        return OptionalLong.of(start);
    }
}
