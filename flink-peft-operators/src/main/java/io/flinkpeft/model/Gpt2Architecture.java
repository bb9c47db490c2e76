package io.flinkpeft.model;

import io.flinkpeft.method.SublayerPlace;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GPT-2; its kernel is {@code kernels/gpt2.py}. */
final class Gpt2Architecture implements Architecture {

    private static final String VOCABULARY = Modules.OUTPUT + ".weight";

    private final Gpt2Config config;
    private final Modules modules;

    Gpt2Architecture(Gpt2Config config) {
        this.config = config;
        this.modules = modules(config);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "gpt2";
    }

    @Override
    public List<String> kernels() {
        return List.of("causal", kernel());
    }

    @Override
    public Map<TaskType, ModelHead> heads() {
        return DecoderHeads.of(config.hiddenSize(), EncoderHeads.CLASSIFIER);
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
    }

    @Override
    public BaseConstants constants() {
        return new BaseConstants()
                .with("heads", config.heads())
                .with("scaled", config.scaled())
                .with("scaled_by_layer", config.scaledByLayer())
                .with("epsilon", config.layerNormEpsilon());
    }

    @Override
    public Pooling pooling() {
        return Pooling.LAST;
    }

    @Override
    public String prefix() {
        return "transformer.";
    }

    @Override
    public List<SublayerPlace> sublayers() {
        return List.of(
                new SublayerPlace(
                        ".attn.c_proj", ".attention_adapters", SublayerPlace.Kind.ATTENTION),
                new SublayerPlace(
                        ".mlp.c_proj", ".output_adapters", SublayerPlace.Kind.FEED_FORWARD));
    }

    @Override
    public Modules modules() {
        return modules;
    }

    @Override
    public boolean mayLack(String tensor) {
        return tensor.equals(VOCABULARY);
    }

    @Override
    public Optional<String> tiedOutput() {
        return Optional.of(VOCABULARY).filter(name -> config.tied());
    }

    @Override
    public Optional<String> vocabulary() {
        return Optional.of(config.tied() ? "wte.weight" : VOCABULARY);
    }

    private static Modules modules(Gpt2Config config) {
        int hidden = config.hiddenSize();
        int wide = config.intermediateSize();
        Modules modules = new Modules();
        modules.embedding("word_embedding", "wte", config.vocabularySize(), hidden)
                .embedding("position_embedding", "wpe", config.maxPositions(), hidden);
        modules.layers(
                "layers",
                "Layer",
                config.layers(),
                i -> {
                    String layer = "h." + i + ".";
                    String attention = layer + "attn.";
                    String feedForward = layer + "mlp.";
                    modules.layerNorm("attention_norm", layer + "ln_1", hidden)
                            .linear(
                                    "query_key_value",
                                    conv(attention + "c_attn", hidden, 3 * hidden),
                                    true)
                            .linear(
                                    "attention_output",
                                    conv(attention + "c_proj", hidden, hidden),
                                    true)
                            .layerNorm("feed_forward_norm", layer + "ln_2", hidden)
                            .linear("up", conv(feedForward + "c_fc", hidden, wide), true)
                            .linear("down", conv(feedForward + "c_proj", wide, hidden), true);
                });
        return modules.layerNorm("last_norm", "ln_f", hidden)
                .output(hidden, config.vocabularySize(), config.tied());
    }

    /** Its layers are called Conv1D in transformers. */
    private static TargetLayer conv(String module, int in, int out) {
        return TargetLayer.fanInFanOut(module, in, out);
    }
}
