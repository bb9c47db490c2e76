package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.Map;
import java.util.Optional;

/** BERT; its kernel is {@code kernels/bert.py}. */
final class BertArchitecture implements Architecture {

    private final BertConfig config;
    private final MaskedLmHead maskedLm;
    private final Modules modules;

    BertArchitecture(BertConfig config, MaskedLmHead maskedLm) {
        this.config = config;
        this.maskedLm = maskedLm;
        this.modules = maskedLm.addTo(modules(config), config);
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
        return "bert";
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        int hidden = config.hiddenSize();
        return EncoderHeads.of(
                hidden,
                ModelHead.linear(EncoderHeads.POOLED, "classifier", hidden, ModelHead.Read.POOLER));
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
    }

    @Override
    public long[] counts() {
        return counts(0);
    }

    /** Layers, heads, the position of a text's first token, rows of the segment embedding. */
    long[] counts(int firstPosition) {
        return new long[] {config.layers(), config.heads(), firstPosition, config.segments()};
    }

    @Override
    public double[] constants() {
        return new double[] {config.layerNormEpsilon()};
    }

    @Override
    public String prefix() {
        return "bert.";
    }

    @Override
    public Modules modules() {
        return modules;
    }

    private static Modules modules(BertConfig config) {
        int hidden = config.hiddenSize();
        int wide = config.intermediateSize();
        Modules modules =
                new Modules()
                        .embedding("embeddings.word_embeddings", config.vocabularySize(), hidden)
                        .embedding("embeddings.position_embeddings", config.maxPositions(), hidden)
                        .embedding("embeddings.token_type_embeddings", config.segments(), hidden)
                        .layerNorm("embeddings.LayerNorm", hidden);
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layer." + i + ".";
            modules.linear(layer + "attention.self.query", hidden, hidden, true)
                    .linear(layer + "attention.self.key", hidden, hidden, true)
                    .linear(layer + "attention.self.value", hidden, hidden, true)
                    .linear(layer + "attention.output.dense", hidden, hidden, true)
                    .layerNorm(layer + "attention.output.LayerNorm", hidden)
                    .linear(layer + "intermediate.dense", hidden, wide, true)
                    .linear(layer + "output.dense", wide, hidden, true)
                    .layerNorm(layer + "output.LayerNorm", hidden);
        }
        return modules.pooler("pooler.dense", hidden);
    }
}
