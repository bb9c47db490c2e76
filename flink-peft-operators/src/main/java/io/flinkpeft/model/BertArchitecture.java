package io.flinkpeft.model;

import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** BERT; its kernel is {@code kernels/bert.py}. */
final class BertArchitecture implements Architecture {

    private static final String LAYER = "encoder.layer.";

    private final BertConfig config;

    BertArchitecture(BertConfig config) {
        this.config = config;
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
    public Optional<TaskHead> head(TaskType task) {
        int hidden = config.hiddenSize();
        return EncoderHeads.of(
                task, hidden, TaskHead.linear(EncoderHeads.POOLED, "classifier", hidden, true));
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
    public List<String> tensors() {
        List<String> names = new ArrayList<>();
        names.add("embeddings.word_embeddings.weight");
        names.add("embeddings.position_embeddings.weight");
        names.add("embeddings.token_type_embeddings.weight");
        addWeightAndBias(names, "embeddings.LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            addWeightAndBias(names, layer + "attention.self.query");
            addWeightAndBias(names, layer + "attention.self.key");
            addWeightAndBias(names, layer + "attention.self.value");
            addWeightAndBias(names, layer + "attention.output.dense");
            addWeightAndBias(names, layer + "attention.output.LayerNorm");
            addWeightAndBias(names, layer + "intermediate.dense");
            addWeightAndBias(names, layer + "output.dense");
            addWeightAndBias(names, layer + "output.LayerNorm");
        }
        addWeightAndBias(names, "pooler.dense");
        return names;
    }

    private static void addWeightAndBias(List<String> names, String module) {
        names.add(module + ".weight");
        names.add(module + ".bias");
    }

    @Override
    public List<String> embeddings() {
        return List.of(
                "embeddings.word_embeddings",
                "embeddings.position_embeddings",
                "embeddings.token_type_embeddings");
    }

    @Override
    public boolean linearWeight(String tensor) {
        return tensor.startsWith(LAYER)
                && tensor.endsWith(".weight")
                && !tensor.contains("LayerNorm");
    }

    @Override
    public List<Site> sites() {
        int hidden = config.hiddenSize();
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            sites.add(new Site(layer + "attention.self.query", hidden, hidden));
            sites.add(new Site(layer + "attention.self.key", hidden, hidden));
            sites.add(new Site(layer + "attention.self.value", hidden, hidden));
            sites.add(new Site(layer + "attention.output.dense", hidden, hidden));
            sites.add(new Site(layer + "intermediate.dense", hidden, config.intermediateSize()));
            sites.add(new Site(layer + "output.dense", config.intermediateSize(), hidden));
        }
        sites.add(new Site("pooler.dense", hidden, hidden));
        return sites;
    }
}
