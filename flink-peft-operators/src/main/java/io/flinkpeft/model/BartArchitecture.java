package io.flinkpeft.model;

import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** BART; its kernel is {@code kernels/bart.py}. */
final class BartArchitecture implements Architecture {

    private static final String LOGITS_BIAS = "final_logits_bias";

    private static final String VOCABULARY = Modules.OUTPUT + ".weight";

    /** The embedding of positions has rows before that of the first token. */
    private static final int FIRST_POSITION = 2;

    /** {@code config.json} does not say it. */
    private static final double EPSILON = 1e-5;

    private final BartConfig config;
    private final Modules modules;

    BartArchitecture(BartConfig config) {
        this.config = config;
        this.modules = modules(config);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "bart";
    }

    @Override
    public List<String> kernels() {
        return List.of("causal", "sides", kernel());
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        return EncoderDecoderHeads.of(config.hiddenSize());
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
    }

    @Override
    public long[] counts() {
        return new long[] {
            config.encoder().layers(),
            config.encoder().heads(),
            config.decoder().layers(),
            config.decoder().heads()
        };
    }

    @Override
    public double[] constants() {
        return new double[] {EPSILON, config.scaled() ? Math.sqrt(config.hiddenSize()) : 1};
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public Modules modules() {
        return modules;
    }

    @Override
    public List<String> copiesOfWordEmbedding() {
        return List.of("encoder.embed_tokens", "decoder.embed_tokens");
    }

    @Override
    public boolean mayLack(String tensor) {
        return tensor.equals(LOGITS_BIAS) || tensor.startsWith(Modules.OUTPUT + ".");
    }

    @Override
    public Optional<String> tiedOutput() {
        return Optional.of(VOCABULARY).filter(name -> config.tied());
    }

    @Override
    public Optional<String> vocabulary() {
        return Optional.of(config.tied() ? "shared.weight" : VOCABULARY);
    }

    @Override
    public ModelShape shape() {
        int width = config.hiddenSize();
        return new ModelShape(
                config.layers(),
                config.heads(),
                config.heads(),
                width,
                width,
                config.decoder().layers());
    }

    private static Modules modules(BartConfig config) {
        int width = config.hiddenSize();
        int positions = config.maxPositions() + FIRST_POSITION;
        Modules modules =
                new Modules()
                        .embedding("shared", config.vocabularySize(), width)
                        .embedding("encoder.embed_positions", positions, width)
                        .embedding("decoder.embed_positions", positions, width)
                        .layerNorm("encoder.layernorm_embedding", width)
                        .layerNorm("decoder.layernorm_embedding", width)
                        .buffer(LOGITS_BIAS, 1, config.vocabularySize())
                        .output(config.hiddenSize(), config.vocabularySize(), config.tied());
        for (int i = 0; i < config.encoder().layers(); i++) {
            String layer = "encoder.layers." + i + ".";
            attention(modules, layer + "self_attn", config);
            feedForward(modules, layer, config.encoder(), config);
        }
        for (int i = 0; i < config.decoder().layers(); i++) {
            String layer = "decoder.layers." + i + ".";
            attention(modules, layer + "self_attn", config);
            attention(modules, layer + "encoder_attn", config);
            feedForward(modules, layer, config.decoder(), config);
        }
        return modules;
    }

    private static void attention(Modules modules, String name, BartConfig config) {
        int width = config.hiddenSize();
        for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
            modules.linear(name + "." + projection, width, width, true);
        }
        modules.layerNorm(name + "_layer_norm", width);
    }

    private static void feedForward(
            Modules modules, String layer, BartConfig.Side side, BartConfig config) {
        int width = config.hiddenSize();
        modules.linear(layer + "fc1", width, side.intermediateSize(), true)
                .linear(layer + "fc2", side.intermediateSize(), width, true)
                .layerNorm(layer + "final_layer_norm", width);
    }
}
