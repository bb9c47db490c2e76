package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.train.Decoding;
import io.flinkpeft.train.Generation;
import io.flinkpeft.train.Prediction;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engine that computes. */
record PredictorEngine(Predictor predictor, PredictTask task, Decoding decoding) implements Engine {

    private static final Generation NOTHING = new Generation("", new long[0], false);

    private record LoadedAdapter(ServingAdapter adapter) implements Loaded {

        @Override
        public long bytes() {
            return adapter.bytes();
        }

        @Override
        public void close() {
            adapter.close();
        }
    }

    static Engine open(ServingConfig config) {
        return new PredictorEngine(
                Predictor.open(config.model(), config.device(), config.dtype(), config.maxTokens()),
                config.task(),
                Decoding.greedy(config.maxNewTokens()));
    }

    @Override
    public Loaded load(AdapterVersion version) {
        return checked(predictor.load(version));
    }

    @Override
    public Loaded load(String adapterId, Path peftDirectory) {
        return checked(
                task == PredictTask.EMBED
                        ? predictor.loadEncoder(adapterId, peftDirectory)
                        : predictor.load(adapterId, peftDirectory));
    }

    /** An adapter of another task is refused, so that the version before it stays. */
    private Loaded checked(ServingAdapter adapter) {
        if (!adapter.answersLike(task.head())) {
            adapter.close();
            throw new IllegalArgumentException(
                    "Adapter "
                            + adapter.adapterId()
                            + "@"
                            + adapter.step()
                            + " was trained for another task, must serve for task ("
                            + task
                            + ").");
        }
        return new LoadedAdapter(adapter);
    }

    @Override
    public List<? extends Prediction> predict(List<Request> requests) {
        var texts = new ArrayList<Predictor.Request>(requests.size());
        for (Request request : requests) {
            var adapter =
                    request.adapter() == null ? null : ((LoadedAdapter) request.adapter()).adapter;
            texts.add(new Predictor.Request(adapter, request.text(), request.textPair()));
        }
        return switch (task) {
            case CLASSIFY -> predictor.classify(texts);
            case EMBED -> predictor.embed(texts);
            case GENERATE -> generate(texts);
        };
    }

    /** An empty text may have no token to continue; one row must not end a query. */
    private List<Generation> generate(List<Predictor.Request> texts) {
        var some = texts.stream().filter(request -> !request.text().isEmpty()).toList();
        var generated = some.isEmpty() ? null : predictor.generate(some, decoding).iterator();
        var results = new ArrayList<Generation>(texts.size());
        for (Predictor.Request request : texts) {
            results.add(request.text().isEmpty() ? NOTHING : generated.next());
        }
        return results;
    }

    @Override
    public void close() {
        predictor.close();
    }
}
