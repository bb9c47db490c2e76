package io.flinkpeft.model;

import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** BERT; its kernel is {@code kernels/bert.py}. */
final class BertArchitecture implements Architecture {

    private static final String EMBEDDINGS = "embeddings.";

    /** Those of all encoders that call their modules as BERT does. */
    static final List<SublayerPlace> SUBLAYERS =
            List.of(
                    new SublayerPlace(
                            ".attention.output.dense",
                            ".attention.output",
                            SublayerPlace.Kind.ATTENTION),
                    new SublayerPlace(".output.dense", ".output", SublayerPlace.Kind.FEED_FORWARD));

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
    public BaseConstants constants() {
        return constants(0);
    }

    /**
     * Those of a model whose positions do not start at 0.
     *
     * @param firstPosition that of a text's first token
     */
    BaseConstants constants(int firstPosition) {
        return new BaseConstants()
                .with("heads", config.heads())
                .with("first_position", firstPosition)
                .with("epsilon", config.layerNormEpsilon());
    }

    @Override
    public String prefix() {
        return "bert.";
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return SUBLAYERS;
    }

    @Override
    public Modules modules() {
        return modules;
    }

    private static Modules modules(BertConfig config) {
        int hidden = config.hiddenSize();
        int wide = config.intermediateSize();
        int words = config.vocabularySize();
        Modules modules = new Modules();
        modules.embedding("word_embedding", EMBEDDINGS + "word_embeddings", words, hidden)
                .embedding(
                        "position_embedding",
                        EMBEDDINGS + "position_embeddings",
                        config.maxPositions(),
                        hidden)
                .embedding(
                        "segment_embedding",
                        EMBEDDINGS + "token_type_embeddings",
                        config.segments(),
                        hidden)
                .layerNorm("embedding_norm", EMBEDDINGS + "LayerNorm", hidden);
        modules.layers(
                "layers",
                "Layer",
                config.layers(),
                i -> {
                    String layer = "encoder.layer." + i + ".";
                    String self = layer + "attention.self.";
                    String output = layer + "attention.output.";
                    modules.linear("query", self + "query", hidden, hidden, true)
                            .linear("key", self + "key", hidden, hidden, true)
                            .linear("value", self + "value", hidden, hidden, true)
                            .linear("attention_output", output + "dense", hidden, hidden, true)
                            .layerNorm("attention_norm", output + "LayerNorm", hidden)
                            .linear("up", layer + "intermediate.dense", hidden, wide, true)
                            .linear("down", layer + "output.dense", wide, hidden, true)
                            .layerNorm("output_norm", layer + "output.LayerNorm", hidden);
                });
        return modules.pooler("pooler", "pooler.dense", hidden);
    }
}
