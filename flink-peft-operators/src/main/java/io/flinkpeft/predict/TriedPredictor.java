package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Purpose;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.TextSettings;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Predicts for one purpose, with adapters that have been tried: each predicts a short text when it
 * is loaded, and one that cannot is refused, so that the version before it stays.
 *
 * @param model computes
 * @param purpose what texts are predicted for
 */
record TriedPredictor(ModelPredictor model, Purpose purpose) implements Predictor {

    /** Any text that has a token will do. */
    private static final String TRIAL = "text";

    private static final String USE = "served in SQL";

    static Predictor open(ServingConfig config) {
        ModelPredictor model =
                ModelPredictor.open(
                        config.model(),
                        config.device(),
                        config.dtype(),
                        TextSettings.of(config.maxTokens())
                                .withSpecialTokens(config.specialTokens()));
        try {
            var purpose = new Purpose(config.task(), Decoding.greedy(config.maxNewTokens()));
            model.check(purpose);
            return new TriedPredictor(model, purpose);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    @Override
    public ServingAdapter load(AdapterVersion version) {
        return load(version.name(), () -> model.load(version));
    }

    @Override
    public ServingAdapter load(String adapterId, Path peftDirectory) {
        return load(adapterId, () -> model.load(adapterId, peftDirectory, purpose));
    }

    /** Whatever a version throws is the version's fault, if nothing else is wrong. */
    private ServingAdapter load(String name, Supplier<ServingAdapter> load) {
        try {
            return tried(name, load.get());
        } catch (IllegalArgumentException e) {
            if (Thread.currentThread().isInterrupted()) { // files say so in their own way
                throw new IllegalStateException("Loading " + name + " was interrupted.", e);
            }
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            synchronized (model) {
                check(e);
            }
            throw new IllegalArgumentException(
                    "Adapter " + name + " cannot serve: " + reason(e) + ".", e);
        }
    }

    private ServingAdapter tried(String name, ServingAdapter loaded) {
        boolean good = false;
        try {
            checkFinite(name, model.asking(purpose.trial(), loaded, USE));
            ServingAdapter serving = model.asking(purpose, loaded, USE);
            good = true;
            return serving;
        } finally {
            if (!good) {
                loaded.close();
            }
        }
    }

    private void checkFinite(String name, ServingAdapter adapter) {
        synchronized (model) { // any thread may load, one at a time predicts
            if (!trial(adapter).isFinite()) {
                throw new IllegalArgumentException(
                        "Adapter " + name + " gives a result that is not finite, must not.");
            }
        }
    }

    private Prediction trial(ServingAdapter adapter) {
        return model.predict(List.of(new Request<>(adapter, TRIAL, null))).get(0);
    }

    /**
     * The base model without an adapter, if it can predict a text.
     *
     * @throws IllegalArgumentException if it has no head for the task, or one for something else
     */
    @Override
    public ServingAdapter alone() {
        trial(model.alone(purpose.trial(), USE));
        return model.alone(purpose, USE);
    }

    @Override
    public void check(Throwable failure) {
        model.check(failure);
    }

    /** The line of libtorch that says what was wrong is the last one. */
    private static String reason(Throwable failure) {
        var lines = String.valueOf(failure.getMessage()).lines().filter(line -> !line.isBlank());
        return lines.reduce((before, line) -> line).orElse("null").strip()
                + " ("
                + failure.getClass().getSimpleName()
                + ")";
    }

    /** One row without a text to continue must not end a query. */
    @Override
    public List<Prediction> predict(List<Request<ServingAdapter>> requests) {
        var some = requests.stream().filter(r -> !purpose.leavesOut(r.text())).toList();
        var predicted = some.isEmpty() ? null : model.predict(some).iterator();
        var results = new ArrayList<Prediction>(requests.size());
        for (Request<ServingAdapter> request : requests) {
            boolean left = purpose.leavesOut(request.text());
            results.add(left ? GeneratedText.NOTHING : predicted.next());
        }
        return results;
    }

    @Override
    public void close() {
        model.close();
    }
}
