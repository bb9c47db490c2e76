package io.flinkpeft.model;

import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DeBERTa-v2 and v3; their kernel is {@code kernels/deberta_v2.py}. */
final class DebertaV2Architecture implements Architecture {

    private final DebertaV2Config config;
    private final MaskedLmHead maskedLm;
    private final Modules modules;

    DebertaV2Architecture(DebertaV2Config config, MaskedLmHead maskedLm) {
        this.config = config;
        this.maskedLm = maskedLm;
        this.modules = maskedLm.addTo(modules(config), config.encoder());
    }

    @Override
    public Optional<MaskedLmHead> maskedLm() {
        return Optional.of(maskedLm);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "deberta_v2";
    }

    @Override
    public BaseConstants constants() {
        return new BaseConstants()
                .with("heads", config.heads())
                .with("span", config.span())
                .with("buckets", config.buckets())
                .with("max_distance", config.maxDistance())
                .with("content_to_position", config.contentToPosition())
                .with("position_to_content", config.positionToContent())
                .with("shares_projections", config.shared())
                .with("epsilon", config.encoder().layerNormEpsilon());
    }

    @Override
    public String activation() {
        return Activation.of(config.encoder().activation()).expression();
    }

    @Override
    public String prefix() {
        return "deberta.";
    }

    @Override
    public List<String> besideModel() {
        return List.of("pooler");
    }

    @Override
    public boolean takesPrefixes() {
        return false;
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return BertArchitecture.SUBLAYERS;
    }

    @Override
    public Modules modules() {
        return modules;
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        int hidden = config.hiddenSize();
        return EncoderHeads.of(
                hidden,
                ModelHead.linear(EncoderHeads.POOLED, "classifier", hidden, ModelHead.Read.POOLER));
    }

    private static Modules modules(DebertaV2Config config) {
        int hidden = config.hiddenSize();
        BertConfig encoder = config.encoder();
        Modules modules = new Modules();
        int words = encoder.vocabularySize();
        modules.embedding("word_embedding", "embeddings.word_embeddings", words, hidden);
        if (config.positions()) {
            modules.embedding(
                    "position_embedding",
                    "embeddings.position_embeddings",
                    encoder.maxPositions(),
                    hidden);
        } else {
            modules.noEmbedding("position_embedding");
        }
        if (encoder.segments() > 0) {
            modules.embedding(
                    "segment_embedding",
                    "embeddings.token_type_embeddings",
                    encoder.segments(),
                    hidden);
        } else {
            modules.noEmbedding("segment_embedding");
        }
        modules.layerNorm("embedding_norm", "embeddings.LayerNorm", hidden)
                .embedding(
                        "distance_embedding", "encoder.rel_embeddings", 2 * config.span(), hidden);
        if (config.normalised()) {
            modules.layerNorm("distance_norm", "encoder.LayerNorm", hidden);
        } else {
            modules.noLayerNorm("distance_norm");
        }
        modules.layers("layers", "Layer", config.layers(), i -> layer(modules, i, config));
        return modules.pooler("pooler", "pooler.dense", hidden);
    }

    private static void layer(Modules modules, int number, DebertaV2Config config) {
        int hidden = config.hiddenSize();
        int wide = config.encoder().intermediateSize();
        String layer = "encoder.layer." + number + ".";
        String self = layer + "attention.self.";
        String output = layer + "attention.output.";
        modules.linear("query", self + "query_proj", hidden, hidden, true)
                .linear("key", self + "key_proj", hidden, hidden, true)
                .linear("value", self + "value_proj", hidden, hidden, true);
        if (!config.shared() && config.contentToPosition()) {
            modules.linear("distance_key", self + "pos_key_proj", hidden, hidden, true);
        } else {
            modules.noLinear("distance_key");
        }
        if (!config.shared() && config.positionToContent()) {
            modules.linear("distance_query", self + "pos_query_proj", hidden, hidden, true);
        } else {
            modules.noLinear("distance_query");
        }
        modules.linear("attention_output", output + "dense", hidden, hidden, true)
                .layerNorm("attention_norm", output + "LayerNorm", hidden)
                .linear("up", layer + "intermediate.dense", hidden, wide, true)
                .linear("down", layer + "output.dense", wide, hidden, true)
                .layerNorm("output_norm", layer + "output.LayerNorm", hidden);
    }
}
