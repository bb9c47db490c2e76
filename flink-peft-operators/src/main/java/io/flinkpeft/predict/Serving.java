package io.flinkpeft.predict;

import io.flinkpeft.predict.CarefulPredictions.Result;
import io.flinkpeft.task.Request;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts texts of any mix of adapters, each with its adapter's current version.
 *
 * <p>Order of use: {@link #open}, {@link #predict} as often as there are texts, {@link #close}. One
 * thread at a time. Within a process, users with equal configurations share one subscription and
 * the adapters' memory; each computes on its own thread.
 */
public final class Serving implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final ServingRegistry PROCESS = new ServingRegistry(TriedPredictor::open);

    private final ServingRegistry registry;
    private final SharedAdapters shared;
    private final ServingAdapters adapters;
    private final Predictor predictor;
    private final CarefulPredictions predictions;
    private ServingAdapter base; // once it is asked for
    private volatile long failedPredictions;
    private boolean closed;

    private Serving(ServingRegistry registry, SharedAdapters shared, Predictor predictor) {
        this.registry = registry;
        this.shared = shared;
        this.adapters = shared.adapters();
        this.predictor = predictor;
        this.predictions = new CarefulPredictions(predictor);
    }

    /**
     * Opens the base model and subscribes to versions, unless another user has, and waits until the
     * versions of now are known.
     *
     * @param classLoader finds the kinds of {@link VersionKinds}
     * @throws IllegalArgumentException if a setting cannot be used
     * @throws IllegalStateException if the versions take longer than the timeout
     */
    public static Serving open(
            ServingConfig config, Duration bootstrapTimeout, ClassLoader classLoader)
            throws InterruptedException {
        return open(PROCESS, config, bootstrapTimeout, classLoader);
    }

    static Serving open(
            ServingRegistry registry,
            ServingConfig config,
            Duration bootstrapTimeout,
            ClassLoader classLoader)
            throws InterruptedException {
        SharedAdapters shared = registry.acquire(config, bootstrapTimeout, classLoader);
        boolean opened = false;
        try {
            var serving = new Serving(registry, shared, registry.predictor(config));
            opened = true;
            return serving;
        } finally {
            if (!opened) {
                registry.release(shared);
            }
        }
    }

    /**
     * Checks that the base model alone can predict, as {@link Fallback#BASE} needs.
     *
     * @throws IllegalArgumentException if it has no head for the task, or one that gives something
     *     else than one label of several
     */
    public void checkBase() {
        base();
    }

    private ServingAdapter base() {
        if (base == null) {
            base = predictor.alone();
        }
        return base;
    }

    /**
     * Predicts texts together, all of an adapter with the same version. A text that cannot be
     * predicted, or not with a finite result, follows the fallback too.
     *
     * @param asked with the ids of adapters; null asks for the fallback
     * @return one answer a text, in order
     * @throws UnknownAdapterException if the fallback is {@link Fallback#ERROR} and an adapter has
     *     no version that can serve
     * @throws IllegalStateException if the versions ended with an error, or the fallback is {@link
     *     Fallback#ERROR} and a text cannot be predicted
     */
    public List<Answer> predict(List<Request<String>> asked, Fallback fallback) {
        var held = new HashMap<String, LoadedVersion>();
        try {
            for (Request<String> request : asked) {
                if (request.adapter() != null && !held.containsKey(request.adapter())) {
                    adapters.hold(request.adapter())
                            .ifPresent(version -> held.put(request.adapter(), version));
                }
            }
            var answers = new Answer[asked.size()];
            adapted(asked, held, fallback, answers);
            if (fallback == Fallback.BASE) {
                alone(asked, answers);
            }
            return List.of(answers);
        } finally {
            held.values().forEach(LoadedVersion::release);
        }
    }

    /** The answers of adapters; null where the base is asked. */
    private void adapted(
            List<Request<String>> asked,
            Map<String, LoadedVersion> held,
            Fallback fallback,
            Answer[] answers) {
        var places = new ArrayList<Integer>();
        var requests = new ArrayList<Request<ServingAdapter>>();
        for (int i = 0; i < answers.length; i++) {
            String id = asked.get(i).adapter();
            if (held.containsKey(id)) {
                places.add(i);
                requests.add(asked.get(i).to(held.get(id).loaded()));
            } else if (fallback == Fallback.ERROR) {
                throw new UnknownAdapterException(unknown(id));
            } else if (fallback == Fallback.NULL) {
                answers[i] = Answer.NONE;
            }
        }
        var results = predictions.predict(requests).iterator();
        for (int i : places) {
            var result = results.next();
            Origin origin = held.get(asked.get(i).adapter()).origin();
            if (result instanceof Result.Predicted good) {
                answers[i] = new Answer(good.prediction(), origin.adapterId(), origin.step());
            } else {
                var failure = ((Result.Failed) result).failure();
                failed(origin.name(), failure);
                answers[i] = fallen(fallback, origin, failure);
            }
        }
    }

    private static Answer fallen(Fallback fallback, Origin origin, RuntimeException failure) {
        return switch (fallback) {
            case ERROR ->
                    throw new IllegalStateException(
                            "Adapter "
                                    + origin.name()
                                    + " cannot predict a text: "
                                    + failure.getMessage()
                                    + " Maybe set fallback (error) to null or base.",
                            failure);
            case NULL -> Answer.NONE;
            case BASE -> null;
        };
    }

    /** The answers of the base alone, where there is none yet. */
    private void alone(List<Request<String>> asked, Answer[] answers) {
        var requests = new ArrayList<Request<ServingAdapter>>();
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                requests.add(asked.get(i).to(base()));
            }
        }
        var results = predictions.predict(requests).iterator();
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                answers[i] = ofTheBase(results.next());
            }
        }
    }

    private Answer ofTheBase(Result result) {
        if (result instanceof Result.Predicted good) {
            return new Answer(good.prediction(), null, null);
        }
        failed("the base alone", ((Result.Failed) result).failure());
        return Answer.NONE;
    }

    /** Counts; says the first, the second, the fourth and so on. */
    private void failed(String by, RuntimeException failure) {
        long count = failedPredictions + 1;
        failedPredictions = count; // one thread at a time
        if (Long.bitCount(count) == 1) {
            LOG.warn("A text was not predicted by {}, the {}. in all.", by, count, failure);
        }
    }

    private String unknown(String adapterId) {
        return "Adapter ("
                + adapterId
                + ") must have a version that can serve. "
                + Optional.ofNullable(adapterId)
                        .flatMap(adapters::refusal)
                        .map(reason -> "Its newest was refused: " + reason)
                        .orElse(
                                "Maybe none is published yet; fallback (error) can be null or base.");
    }

    /** How often a version took the place of another, in the process. */
    public long versionSwaps() {
        return adapters.swaps();
    }

    /** How many versions could not be used, in the process. */
    public long refusedVersions() {
        return adapters.refusals();
    }

    /** How many texts threw or had a result that is not finite, of this user. */
    public long failedPredictions() {
        return failedPredictions;
    }

    /** How many adapters are loaded, in the process. */
    public int adaptersOnDevice() {
        return adapters.onDevice();
    }

    /** The largest event time a loaded version learned from; {@link Long#MIN_VALUE} if unknown. */
    public long newestVersionMillis() {
        return adapters.newestMillis();
    }

    /** Ends this use; the last user's ends the subscription. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            predictor.close();
            registry.release(shared);
        }
    }
}
