package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.train.Classification;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The engine that computes. */
record PredictorEngine(Predictor predictor) implements Engine {

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
                Predictor.open(
                        config.model(), config.device(), config.dtype(), config.maxTokens()));
    }

    @Override
    public Loaded load(AdapterVersion version) {
        return new LoadedAdapter(predictor.load(version));
    }

    @Override
    public Loaded load(String adapterId, Path peftDirectory) {
        return new LoadedAdapter(predictor.load(adapterId, peftDirectory));
    }

    @Override
    public List<Classification> classify(List<Request> requests) {
        var texts = new ArrayList<Predictor.Request>(requests.size());
        for (Request request : requests) {
            var adapter =
                    request.adapter() == null ? null : ((LoadedAdapter) request.adapter()).adapter;
            texts.add(new Predictor.Request(adapter, request.text(), request.textPair()));
        }
        return predictor.classify(texts);
    }

    @Override
    public void close() {
        predictor.close();
    }
}
