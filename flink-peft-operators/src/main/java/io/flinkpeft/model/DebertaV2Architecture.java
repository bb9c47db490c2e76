package io.flinkpeft.model;

import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** DeBERTa-v2 and v3; their kernel is {@code kernels/deberta_v2.py}. */
final class DebertaV2Architecture implements Architecture {

    private static final String LAYER = "encoder.layer.";
    private static final String ATTENTION = "attention.self.";

    private final DebertaV2Config config;

    DebertaV2Architecture(DebertaV2Config config) {
        this.config = config;
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
    public boolean poolerBesideModel() {
        return true;
    }

    @Override
    public boolean takesPrefixes() {
        return false;
    }

    @Override
    public List<String> tensors() {
        List<String> names = new ArrayList<>();
        names.add("embeddings.word_embeddings.weight");
        names.add(present(config.positions(), "embeddings.position_embeddings.weight"));
        names.add(present(segments(), "embeddings.token_type_embeddings.weight"));
        add(names, true, "embeddings.LayerNorm");
        names.add("encoder.rel_embeddings.weight");
        add(names, config.normalised(), "encoder.LayerNorm");
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            add(names, true, layer + ATTENTION + "query_proj");
            add(names, true, layer + ATTENTION + "key_proj");
            add(names, true, layer + ATTENTION + "value_proj");
            add(names, ownKey(), layer + ATTENTION + "pos_key_proj");
            add(names, ownQuery(), layer + ATTENTION + "pos_query_proj");
            add(names, true, layer + "attention.output.dense");
            add(names, true, layer + "attention.output.LayerNorm");
            add(names, true, layer + "intermediate.dense");
            add(names, true, layer + "output.dense");
            add(names, true, layer + "output.LayerNorm");
        }
        add(names, true, "pooler.dense");
        return names;
    }

    private boolean segments() {
        return config.encoder().segments() > 0;
    }

    private boolean ownKey() {
        return !config.shared() && config.contentToPosition();
    }

    private boolean ownQuery() {
        return !config.shared() && config.positionToContent();
    }

    private static String present(boolean present, String name) {
        return present ? name : "";
    }

    private static void add(List<String> names, boolean present, String module) {
        names.add(present(present, module + ".weight"));
        names.add(present(present, module + ".bias"));
    }

    @Override
    public List<String> embeddings() {
        List<String> embeddings = new ArrayList<>();
        embeddings.add("embeddings.word_embeddings");
        if (config.positions()) {
            embeddings.add("embeddings.position_embeddings");
        }
        if (segments()) {
            embeddings.add("embeddings.token_type_embeddings");
        }
        embeddings.add("encoder.rel_embeddings");
        return embeddings;
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
        int wide = config.encoder().intermediateSize();
        List<Site> sites = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String layer = LAYER + i + ".";
            sites.add(new Site(layer + ATTENTION + "query_proj", hidden, hidden));
            sites.add(new Site(layer + ATTENTION + "key_proj", hidden, hidden));
            sites.add(new Site(layer + ATTENTION + "value_proj", hidden, hidden));
            if (ownKey()) {
                sites.add(new Site(layer + ATTENTION + "pos_key_proj", hidden, hidden));
            }
            if (ownQuery()) {
                sites.add(new Site(layer + ATTENTION + "pos_query_proj", hidden, hidden));
            }
            sites.add(new Site(layer + "attention.output.dense", hidden, hidden));
            sites.add(new Site(layer + "intermediate.dense", hidden, wide));
            sites.add(new Site(layer + "output.dense", wide, hidden));
        }
        sites.add(new Site("pooler.dense", hidden, hidden));
        return sites;
    }

    @Override
    public Optional<TaskHead> head(TaskType task) {
        int hidden = config.hiddenSize();
        return EncoderHeads.of(
                task, hidden, TaskHead.linear(EncoderHeads.POOLED, "classifier", hidden, true));
    }
}
