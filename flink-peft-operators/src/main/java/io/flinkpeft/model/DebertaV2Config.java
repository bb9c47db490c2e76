package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What {@code config.json} says of a DeBERTa-v2 or v3 model. Fields that a file may leave out have
 * the defaults of transformers.
 *
 * @param encoder what it shares with BERT; {@code segments} may be 0
 * @param positions whether tokens have an embedding of their position, besides distances; default
 *     true
 * @param buckets how many distances each side tells apart; 0: each one
 * @param maxDistance the largest distance that is told apart; default the longest text
 * @param normalised whether the embedding of distances is normalised
 * @param contentToPosition whether a token attends by the other's distance
 * @param positionToContent whether a distance attends to a token
 * @param shared whether distances have the projections of tokens; default false
 */
public record DebertaV2Config(
        BertConfig encoder,
        boolean positions,
        int buckets,
        int maxDistance,
        boolean normalised,
        boolean contentToPosition,
        boolean positionToContent,
        boolean shared)
        implements ModelConfig {

    static final String MODEL_TYPE = "deberta-v2";

    private static final Set<String> KINDS = Set.of("c2p", "p2c");

    public DebertaV2Config {
        if (buckets == 1 || buckets > 0 && maxDistance - 1 <= buckets / 2) {
            throw new IllegalArgumentException(
                    "position_buckets ("
                            + buckets
                            + ") must be at least 2, and half of it less than"
                            + " max_relative_positions ("
                            + maxDistance
                            + ") - 1.");
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static DebertaV2Config of(JsonNode json) {
        var config = new ConfigJson(json);
        if (!json.path("relative_attention").asBoolean(false)) {
            throw new IllegalArgumentException("relative_attention (false) must be true.");
        }
        config.refuse("conv_kernel_size", "0");
        config.refuse("z_steps", "0");
        int hidden = config.positive("hidden_size");
        config.refuse("embedding_size", Integer.toString(hidden));
        config.refuse("pooler_hidden_size", Integer.toString(hidden));
        int heads = config.positive("num_attention_heads");
        config.refuse("attention_head_size", Integer.toString(hidden / heads));
        String activation = json.path("hidden_act").asText("gelu");
        if (!json.path("pooler_hidden_act").asText("gelu").equals(activation)) {
            config.refuse("pooler_hidden_act", activation);
        }
        List<String> kinds = list(json.path("pos_att_type"));
        for (String kind : kinds) {
            if (!KINDS.contains(kind)) {
                throw new IllegalArgumentException(
                        "pos_att_type " + kinds + " must have c2p and p2c only.");
            }
        }
        int longest = config.positive("max_position_embeddings", 512);
        int distance = json.path("max_relative_positions").asInt(-1);
        return new DebertaV2Config(
                encoder(json, config, longest, activation),
                json.path("position_biased_input").asBoolean(true),
                Math.max(0, json.path("position_buckets").asInt(-1)),
                distance < 1 ? longest : distance,
                list(json.path("norm_rel_ebd")).contains("layer_norm"),
                kinds.contains("c2p"),
                kinds.contains("p2c"),
                json.path("share_att_key").asBoolean(false));
    }

    private static BertConfig encoder(
            JsonNode json, ConfigJson config, int longest, String activation) {
        return new BertConfig(
                config.positive("hidden_size"),
                config.positive("num_hidden_layers"),
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.positive("vocab_size"),
                longest,
                json.path("type_vocab_size").asInt(0),
                json.path("layer_norm_eps").asDouble(1e-7),
                activation,
                json.path("pad_token_id").asInt(0),
                config.architectures(),
                config.labels());
    }

    /** Names in a list, or in a text with bars between them. */
    private static List<String> list(JsonNode value) {
        var names = new ArrayList<String>();
        if (value.isTextual()) {
            for (String name : value.asText().split("\\|")) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        } else {
            value.forEach(name -> names.add(name.asText()));
        }
        return names;
    }

    /** Half the rows of the embedding of distances. */
    public int span() {
        return buckets > 0 ? buckets : maxDistance;
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    @Override
    public int hiddenSize() {
        return encoder.hiddenSize();
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
    public int vocabularySize() {
        return encoder.vocabularySize();
    }

    @Override
    public int maxPositions() {
        return encoder.maxPositions();
    }

    @Override
    public List<String> architectures() {
        return encoder.architectures();
    }

    @Override
    public List<String> labels() {
        return encoder.labels();
    }
}
