package io.flinkpeft.model;

import io.flinkpeft.method.ModelShape;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Llama, Qwen 2 and Qwen 3; their kernel is {@code kernels/llama.py}. */
final class LlamaArchitecture implements Architecture {

    private static final String LAYER = "layers.";
    private static final String TOKENS = "embed_tokens.weight";
    private static final String VOCABULARY = "lm_head.weight";
    private static final String NONE = "";

    private final LlamaConfig config;

    LlamaArchitecture(LlamaConfig config) {
        this.config = config;
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public String kernel() {
        return "llama";
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
        float[] frequencies = config.rotation().frequencies(config.headSize());
        double[] constants = new double[1 + frequencies.length];
        constants[0] = config.epsilon();
        for (int i = 0; i < frequencies.length; i++) {
            constants[1 + i] = frequencies[i];
        }
        return constants;
    }

    @Override
    public ModelShape shape() {
        int keyWidth = config.keyHeads() * config.headSize();
        return new ModelShape(
                config.layers(), config.heads(), config.keyHeads(), keyWidth, config.hiddenSize());
    }

    @Override
    public Pooling pooling() {
        return Pooling.LAST;
    }

    @Override
    public String prefix() {
        return "model.";
    }

    @Override
    public List<String> tensors() {
        LlamaConfig.Bias bias = config.bias();
        List<String> names = new ArrayList<>(List.of(TOKENS));
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            String attention = layer + "self_attn.";
            names.add(layer + "input_layernorm.weight");
            add(names, attention + "q_proj", bias.input());
            add(names, attention + "k_proj", bias.input());
            add(names, attention + "v_proj", bias.input());
            add(names, attention + "o_proj", bias.output());
            names.add(config.headNorms() ? attention + "q_norm.weight" : NONE);
            names.add(config.headNorms() ? attention + "k_norm.weight" : NONE);
            names.add(layer + "post_attention_layernorm.weight");
            add(names, layer + "mlp.gate_proj", bias.feedForward());
            add(names, layer + "mlp.up_proj", bias.feedForward());
            add(names, layer + "mlp.down_proj", bias.feedForward());
        }
        names.add("norm.weight");
        names.add(config.tied() ? NONE : VOCABULARY);
        return names;
    }

    private static void add(List<String> names, String module, boolean bias) {
        names.add(module + ".weight");
        names.add(bias ? module + ".bias" : NONE);
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
        return List.of("embed_tokens");
    }

    @Override
    public boolean linearWeight(String tensor) {
        return tensor.equals(VOCABULARY) || tensor.endsWith("_proj.weight");
    }

    @Override
    public List<Site> sites() {
        int hidden = config.hiddenSize();
        int queries = config.heads() * config.headSize();
        int keys = config.keyHeads() * config.headSize();
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String attention = LAYER + i + ".self_attn.";
            sites.add(new Site(attention + "q_proj", hidden, queries));
            sites.add(new Site(attention + "k_proj", hidden, keys));
            sites.add(new Site(attention + "v_proj", hidden, keys));
            sites.add(new Site(attention + "o_proj", queries, hidden));
            String feedForward = LAYER + i + ".mlp.";
            sites.add(new Site(feedForward + "gate_proj", hidden, config.intermediateSize()));
            sites.add(new Site(feedForward + "up_proj", hidden, config.intermediateSize()));
            sites.add(new Site(feedForward + "down_proj", config.intermediateSize(), hidden));
        }
        return sites;
    }
}
