package io.flinkpeft.model;

import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** GPT-2; its kernel is {@code kernels/gpt2.py}. */
final class Gpt2Architecture implements Architecture {

    private static final String LAYER = "h.";
    private static final String TOKENS = "wte.weight";
    private static final String VOCABULARY = "lm_head.weight";

    private final Gpt2Config config;

    Gpt2Architecture(Gpt2Config config) {
        this.config = config;
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
    public Optional<TaskHead> head(TaskType task) {
        return DecoderHeads.of(task, config.hiddenSize());
    }

    @Override
    public String activation() {
        return Activation.of(config.activation()).expression();
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
    public List<String> tensors() {
        List<String> names = new ArrayList<>(List.of(TOKENS, "wpe.weight"));
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            for (String module :
                    List.of(
                            "ln_1",
                            "attn.c_attn",
                            "attn.c_proj",
                            "ln_2",
                            "mlp.c_fc",
                            "mlp.c_proj")) {
                addWeightAndBias(names, layer + module);
            }
        }
        addWeightAndBias(names, "ln_f");
        names.add(config.tied() ? "" : VOCABULARY);
        return names;
    }

    private static void addWeightAndBias(List<String> names, String module) {
        names.add(module + ".weight");
        names.add(module + ".bias");
    }

    @Override
    public boolean mayLack(String tensor) {
        return tensor.equals(VOCABULARY);
    }

    @Override
    public Optional<String> vocabulary() {
        return Optional.of(config.tied() ? TOKENS : VOCABULARY);
    }

    @Override
    public List<String> embeddings() {
        return List.of("wte", "wpe");
    }

    @Override
    public boolean linearWeight(String tensor) {
        return tensor.equals(VOCABULARY)
                || tensor.startsWith(LAYER)
                        && tensor.endsWith(".weight")
                        && !tensor.contains(".ln_");
    }

    @Override
    public List<Site> sites() {
        int hidden = config.hiddenSize();
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            sites.add(Site.fanInFanOut(layer + "attn.c_attn", hidden, 3 * hidden));
            sites.add(Site.fanInFanOut(layer + "attn.c_proj", hidden, hidden));
            sites.add(Site.fanInFanOut(layer + "mlp.c_fc", hidden, config.intermediateSize()));
            sites.add(Site.fanInFanOut(layer + "mlp.c_proj", config.intermediateSize(), hidden));
        }
        return sites;
    }
}
