package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What {@code config.json} says of a T5 model, v1.0 or v1.1. Fields that a file may leave out have
 * the defaults of transformers.
 *
 * @param hiddenSize width of the residual stream, {@code d_model}
 * @param layers of the encoder
 * @param decoderLayers default as many; 0 of an encoder that was saved alone, such as {@code
 *     T5ForTokenClassification}
 * @param heads attention heads of a layer
 * @param headSize width of a head, {@code d_kv}; default 64
 * @param intermediateSize width of the feed-forward layer, {@code d_ff}
 * @param vocabularySize rows of the embedding
 * @param buckets how many ranges of distances have a bias; default 32
 * @param maxDistance distances from this one on share one; default 128
 * @param epsilon of the norms; default 1e-6
 * @param activation of the feed-forward layer; default {@code relu}
 * @param gated whether a second layer is multiplied with it, as in v1.1; default false
 * @param tied whether the embedding gives the logits of the vocabulary; default true
 * @param scaled whether hidden states are divided by the root of the width before, as in v1.0;
 *     default as {@code tied}
 * @param start the token that a target starts with; default the padding's
 * @param architectures the classes it was saved from, such as {@code T5ForConditionalGeneration}
 * @param labels of the classes of a classification head, by id
 */
record T5Config(
        int hiddenSize,
        int layers,
        int decoderLayers,
        int heads,
        int headSize,
        int intermediateSize,
        int vocabularySize,
        int buckets,
        int maxDistance,
        double epsilon,
        String activation,
        boolean gated,
        boolean tied,
        boolean scaled,
        long start,
        List<String> architectures,
        List<String> labels)
        implements ModelConfig {

    static final String MODEL_TYPE = "t5";

    private static final String FEED_FORWARD = "feed_forward_proj";
    private static final String GATED = "gated-";
    private static final Set<String> ENCODERS =
            Set.of("T5EncoderModel", "T5ForTokenClassification");

    T5Config {
        architectures = List.copyOf(architectures);
        labels = List.copyOf(labels);
        if (maxDistance <= buckets / 2) {
            throw new IllegalArgumentException(
                    "relative_attention_max_distance ("
                            + maxDistance
                            + ") must be more than half of relative_attention_num_buckets ("
                            + buckets
                            + ").");
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static T5Config of(JsonNode json) {
        var config = new ConfigJson(json);
        boolean alone = config.architectures().stream().anyMatch(ENCODERS::contains);
        config.refuse("is_encoder_decoder", alone ? "false" : "true");
        config.refuse("is_decoder", "false");
        int layers = config.positive("num_layers", 6, "num_hidden_layers");
        String forward = json.path(FEED_FORWARD).asText("relu");
        boolean gated = forward.startsWith(GATED);
        String activation = gated ? forward.substring(GATED.length()) : forward;
        // transformers has always meant the approximation by this name
        boolean tied = TiedOutput.said(json);
        boolean approximate = forward.equals(GATED + "gelu");
        return new T5Config(
                config.positive("d_model", 512, "hidden_size"),
                layers,
                alone ? 0 : config.positive("num_decoder_layers", layers),
                config.positive("num_heads", 8, "num_attention_heads"),
                config.positive("d_kv", 64, "head_dim"),
                config.positive("d_ff", 2048),
                config.positive("vocab_size", 32128),
                config.positive("relative_attention_num_buckets", 32),
                config.positive("relative_attention_max_distance", 128),
                json.path("layer_norm_epsilon").asDouble(1e-6),
                json.path("dense_act_fn").asText(approximate ? "gelu_new" : activation),
                json.path("is_gated_act").asBoolean(gated),
                tied,
                json.path("scale_decoder_outputs").asBoolean(tied),
                json.path("decoder_start_token_id").asLong(json.path("pad_token_id").asLong(0)),
                config.architectures(),
                config.labels());
    }

    /** Whether there is no decoder. */
    boolean encoderAlone() {
        return decoderLayers == 0;
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    /** Distances have no end. */
    @Override
    public int maxPositions() {
        return Integer.MAX_VALUE;
    }

    @Override
    public OptionalLong decoderStart() {
        return encoderAlone() ? OptionalLong.empty() : OptionalLong.of(start);
    }
}
