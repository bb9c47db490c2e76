package io.flinkpeft.train;

import io.flinkpeft.method.Hook;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Pooling;
import io.flinkpeft.model.Tokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes vectors of texts: what a stream's head would read, without the head. One thread at a time.
 */
final class Embedder {

    private static final String SCORES = "linear_scores";
    private static final String HEAD = "stream_head";
    private static final String POOLED = "pooled_vector";
    private static final String FEATURES = "feature_scores";

    private final BaseModel base;
    private final TextSettings texts;
    private final Map<Map<Hook, String>, Kernels> kernels = new HashMap<>();

    Embedder(BaseModel base, TextSettings texts) {
        this.base = base;
        this.texts = texts;
    }

    /** One embedding a request, in order, each with the adapter at its place. */
    List<Embedding> embed(List<Predictor.Request> requests, List<ServingAdapter> adapters) {
        String prompt = base.directory().embeddingPrompt();
        Embedding[] results = new Embedding[requests.size()];
        for (RequestGroups.Group group : RequestGroups.of(adapters)) {
            Encoder encoder = Encoder.of(base, group.bank().attachment(), texts);
            PackedBatch batch = group.bank().newBatch(base);
            List<Kernels.Asked> parts = new ArrayList<>();
            List<Tokens> all = new ArrayList<>();
            for (int a = 0; a < group.adapters().size(); a++) {
                List<Tokens> own = new ArrayList<>();
                for (int i : group.requests().get(a)) {
                    Predictor.Request request = requests.get(i);
                    own.add(encoder.encode(prompt + request.text(), request.textPair()));
                }
                if (base.pooling() == Pooling.LAST) {
                    batch.add(own, lastTokens(own, encoder), List.of());
                } else {
                    batch.add(own);
                }
                all.addAll(own);
                parts.add(
                        new Kernels.Asked(
                                group.adapters().get(a).row(),
                                0,
                                base.hiddenSize(),
                                new long[own.size()]));
            }
            List<float[][]> outputs = kernels(group.bank()).predict(group.bank(), parts, batch);
            List<Integer> places = group.all();
            int next = 0;
            for (float[][] output : outputs) {
                for (float[] values : output) {
                    boolean cut = all.get(next).truncated();
                    results[places.get(next++)] = new Embedding(vector(values), cut);
                }
            }
        }
        return List.of(results);
    }

    private float[] vector(float[] values) {
        ModelDirectory directory = base.directory();
        return directory.transformsEmbeddings() ? directory.embedding(values) : values;
    }

    private static List<int[]> lastTokens(List<Tokens> texts, Encoder encoder) {
        return texts.stream().map(tokens -> new int[] {encoder.last(tokens)}).toList();
    }

    private Kernels kernels(Bank bank) {
        return kernels.computeIfAbsent(
                bank.attachment().kernels(),
                key -> new Kernels(base, withoutHead(), bank.attachment()));
    }

    private ModelHead withoutHead() {
        List<String> texts = new ArrayList<>(Head.stream(base, List.of()).task().kernels());
        if (base.directory().transformsEmbeddings()) {
            texts.remove(SCORES);
            texts.replaceAll(text -> text.equals(HEAD) ? POOLED : text);
        } else {
            texts.replaceAll(text -> text.equals(SCORES) ? FEATURES : text);
        }
        return new ModelHead(texts, List.of(), false);
    }
}
