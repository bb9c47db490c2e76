package io.flinkpeft.model;

import io.flinkpeft.method.Site;
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
    public long[] counts() {
        return new long[] {
            config.layers(), config.heads(), config.scaled() ? 1 : 0, config.scaledByLayer() ? 1 : 0
        };
    }

    @Override
    public double[] constants() {
        return new double[] {config.layerNormEpsilon()};
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
        Modules modules =
                new Modules()
                        .embedding("wte", config.vocabularySize(), hidden)
                        .embedding("wpe", config.maxPositions(), hidden);
        for (int i = 0; i < config.layers(); i++) {
            String layer = "h." + i + ".";
            modules.layerNorm(layer + "ln_1", hidden)
                    .linear(Site.fanInFanOut(layer + "attn.c_attn", hidden, 3 * hidden), true)
                    .linear(Site.fanInFanOut(layer + "attn.c_proj", hidden, hidden), true)
                    .layerNorm(layer + "ln_2", hidden)
                    .linear(Site.fanInFanOut(layer + "mlp.c_fc", hidden, wide), true)
                    .linear(Site.fanInFanOut(layer + "mlp.c_proj", wide, hidden), true);
        }
        return modules.layerNorm("ln_f", hidden)
                .output(hidden, config.vocabularySize(), config.tied());
    }
}
