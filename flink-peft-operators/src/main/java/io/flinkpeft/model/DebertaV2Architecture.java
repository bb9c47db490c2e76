package io.flinkpeft.model;

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
    public long[] counts() {
        return new long[] {
            config.layers(),
            config.heads(),
            config.span(),
            config.buckets(),
            config.maxDistance(),
            config.contentToPosition() ? 1 : 0,
            config.positionToContent() ? 1 : 0,
            config.shared() ? 1 : 0
        };
    }

    @Override
    public double[] constants() {
        return new double[] {config.encoder().layerNormEpsilon()};
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
        int wide = config.encoder().intermediateSize();
        BertConfig encoder = config.encoder();
        Modules modules =
                new Modules()
                        .embedding("embeddings.word_embeddings", encoder.vocabularySize(), hidden);
        if (config.positions()) {
            modules.embedding("embeddings.position_embeddings", encoder.maxPositions(), hidden);
        } else {
            modules.none(1);
        }
        if (encoder.segments() > 0) {
            modules.embedding("embeddings.token_type_embeddings", encoder.segments(), hidden);
        } else {
            modules.none(1);
        }
        modules.layerNorm("embeddings.LayerNorm", hidden)
                .embedding("encoder.rel_embeddings", 2 * config.span(), hidden);
        if (config.normalised()) {
            modules.layerNorm("encoder.LayerNorm", hidden);
        } else {
            modules.none(2);
        }
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layer." + i + ".";
            String attention = layer + "attention.self.";
            modules.linear(attention + "query_proj", hidden, hidden, true)
                    .linear(attention + "key_proj", hidden, hidden, true)
                    .linear(attention + "value_proj", hidden, hidden, true);
            if (!config.shared() && config.contentToPosition()) {
                modules.linear(attention + "pos_key_proj", hidden, hidden, true);
            } else {
                modules.none(2);
            }
            if (!config.shared() && config.positionToContent()) {
                modules.linear(attention + "pos_query_proj", hidden, hidden, true);
            } else {
                modules.none(2);
            }
            modules.linear(layer + "attention.output.dense", hidden, hidden, true)
                    .layerNorm(layer + "attention.output.LayerNorm", hidden)
                    .linear(layer + "intermediate.dense", hidden, wide, true)
                    .linear(layer + "output.dense", wide, hidden, true)
                    .layerNorm(layer + "output.LayerNorm", hidden);
        }
        return modules.pooler("pooler.dense", hidden);
    }
}
