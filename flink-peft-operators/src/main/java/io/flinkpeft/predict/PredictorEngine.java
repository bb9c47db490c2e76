package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.train.AdapterDirectory;
import io.flinkpeft.train.Decoding;
import io.flinkpeft.train.Generation;
import io.flinkpeft.train.NativeMemory;
import io.flinkpeft.train.Prediction;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import io.flinkpeft.train.TextSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine that computes. */
record PredictorEngine(Predictor predictor, PredictTask task, Decoding decoding) implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(PredictorEngine.class);

    /** Any text that has a token will do. */
    private static final String TRIAL = "text";

    private static final String USE = "served in SQL";

    private record LoadedAdapter(ServingAdapter adapter, List<String> notes) implements Loaded {

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
        Predictor predictor =
                Predictor.open(
                        config.model(),
                        config.device(),
                        config.dtype(),
                        TextSettings.of(config.maxTokens())
                                .withSpecialTokens(config.specialTokens()));
        try {
            if (config.task() == PredictTask.EMBED) {
                predictor.checkEmbeds();
            }
            Decoding decoding = Decoding.greedy(config.maxNewTokens());
            return new PredictorEngine(predictor, config.task(), decoding);
        } catch (RuntimeException e) {
            predictor.close();
            throw e;
        }
    }

    @Override
    public Loaded load(AdapterVersion version) {
        return load(version.name(), () -> loaded(predictor.load(version), List.of()));
    }

    @Override
    public Loaded load(String adapterId, Path peftDirectory) {
        return load(
                adapterId,
                () -> {
                    AdapterDirectory directory = AdapterDirectory.read(peftDirectory);
                    List<String> notes = predictor.notes(peftDirectory, directory);
                    ServingAdapter adapter =
                            task == PredictTask.EMBED
                                    ? predictor.loadEncoder(adapterId, directory)
                                    : predictor.load(adapterId, directory);
                    return loaded(adapter, notes);
                });
    }

    private LoadedAdapter loaded(ServingAdapter adapter, List<String> ofFiles) {
        List<String> notes = new ArrayList<>(ofFiles);
        if (task == PredictTask.GENERATE) {
            predictor.generationNote().ifPresent(notes::add);
        }
        return new LoadedAdapter(adapter, notes);
    }

    /** Whatever a version throws is the version's fault, if nothing else is wrong. */
    private Loaded load(String name, Supplier<LoadedAdapter> load) {
        try {
            return tried(name, load.get());
        } catch (IllegalArgumentException e) {
            if (Thread.currentThread().isInterrupted()) { // files say so in their own way
                throw new IllegalStateException("Loading " + name + " was interrupted.", e);
            }
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            synchronized (predictor) {
                check(e);
            }
            throw new IllegalArgumentException(
                    "Adapter " + name + " cannot serve: " + reason(e) + ".", e);
        }
    }

    private Loaded tried(String name, LoadedAdapter loaded) {
        boolean good = false;
        try {
            checkTask(loaded.adapter());
            checkFinite(name, loaded);
            good = true;
            return loaded;
        } finally {
            if (!good) {
                loaded.close();
            }
        }
    }

    /** An adapter of another task is refused, so that the version before it stays. */
    private void checkTask(ServingAdapter adapter) {
        if (!adapter.answersLike(task.head())) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + adapter.adapterId()
                            + "@"
                            + adapter.step()
                            + " was trained for another task, must serve for task ("
                            + task
                            + ").");
        }
        if (task == PredictTask.CLASSIFY) {
            predictor.requireSingleLabel(adapter, USE);
        }
    }

    private void checkFinite(String name, LoadedAdapter adapter) {
        var once = new PredictorEngine(predictor, task, Decoding.greedy(1));
        var trial = List.of(new Request(adapter, TRIAL, null));
        synchronized (predictor) { // any thread may load, one at a time predicts
            if (!once.predict(trial).get(0).isFinite()) {
                throw new IllegalArgumentException(
                        "Adapter " + name + " gives a result that is not finite, must not.");
            }
        }
    }

    @Override
    public void check(Throwable failure) {
        if (NativeMemory.isLacking(failure)
                || failure instanceof CancellationException
                || Thread.currentThread().isInterrupted()
                || !works()) {
            throw failure instanceof RuntimeException thrown
                    ? thrown
                    : new IllegalStateException(failure);
        }
    }

    @Override
    public void checkBase() {
        if (task == PredictTask.CLASSIFY) {
            predictor.requireSingleLabel(null, USE);
        }
        var once = new PredictorEngine(predictor, task, Decoding.greedy(1));
        once.predict(List.of(new Request(null, TRIAL, null)));
    }

    private boolean works() {
        try {
            return predictor.works();
        } catch (RuntimeException e) {
            LOG.warn("The base model alone does not work any more.", e);
            return false;
        }
    }

    /** The line of libtorch that says what was wrong is the last one. */
    private static String reason(Throwable failure) {
        var lines = String.valueOf(failure.getMessage()).lines().filter(line -> !line.isBlank());
        return lines.reduce((before, line) -> line).orElse("null").strip()
                + " ("
                + failure.getClass().getSimpleName()
                + ")";
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
            results.add(request.text().isEmpty() ? Generation.NOTHING : generated.next());
        }
        return results;
    }

    @Override
    public void close() {
        predictor.close();
    }
}
