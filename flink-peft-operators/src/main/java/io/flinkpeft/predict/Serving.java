package io.flinkpeft.predict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final ServingRegistry PROCESS = new ServingRegistry(PredictorEngine::open);

    private final ServingRegistry registry;
    private final SharedAdapters shared;
    private final ServingAdapters adapters;
    private final Engine engine;
    private final CarefulPredictions predictions;
    private volatile long failedPredictions;
    private boolean closed;

    private Serving(ServingRegistry registry, SharedAdapters shared, Engine engine) {
        this.registry = registry;
        this.shared = shared;
        this.adapters = shared.adapters();
        this.engine = engine;
        this.predictions = new CarefulPredictions(engine);
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
        Engine engine = null;
        try {
            engine = registry.engine(config);
            return new Serving(registry, shared, engine);
        } finally {
            if (engine == null) {
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
        engine.checkBase();
    }

    /**
     * Predicts texts together, all of an adapter with the same version. A text that cannot be
     * predicted, or not with a finite result, follows the fallback too.
     *
     * @return one answer a query, in order
     * @throws UnknownAdapterException if the fallback is {@link Fallback#ERROR} and an adapter has
     *     no version that can serve
     * @throws IllegalStateException if the versions ended with an error, or the fallback is {@link
     *     Fallback#ERROR} and a text cannot be predicted
     */
    public List<Answer> predict(List<Query> queries, Fallback fallback) {
        var held = new HashMap<String, Resident>();
        try {
            for (Query query : queries) {
                if (query.adapterId() != null) {
                    held.computeIfAbsent(query.adapterId(), adapters::hold);
                }
            }
            var answers = new Answer[queries.size()];
            adapted(queries, held, fallback, answers);
            if (fallback == Fallback.BASE) {
                alone(queries, answers);
            }
            return List.of(answers);
        } finally {
            held.values().forEach(Resident::release);
        }
    }

    /** The answers of adapters; null where the base is asked. */
    private void adapted(
            List<Query> queries, Map<String, Resident> held, Fallback fallback, Answer[] answers) {
        var places = new ArrayList<Integer>();
        var requests = new ArrayList<Engine.Request>();
        for (int i = 0; i < answers.length; i++) {
            Resident resident = held.get(queries.get(i).adapterId());
            if (resident != null) {
                places.add(i);
                requests.add(request(resident.loaded(), queries.get(i)));
            } else if (fallback == Fallback.ERROR) {
                throw new UnknownAdapterException(unknown(queries.get(i).adapterId()));
            } else if (fallback == Fallback.NULL) {
                answers[i] = Answer.NONE;
            }
        }
        var results = predictions.predict(requests).iterator();
        for (int i : places) {
            var result = results.next();
            Origin origin = held.get(queries.get(i).adapterId()).origin();
            if (result.failure() == null) {
                answers[i] = new Answer(result.prediction(), origin.adapterId(), origin.step());
            } else {
                failed(origin.name(), result.failure());
                answers[i] = fallen(fallback, origin, result.failure());
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
    private void alone(List<Query> queries, Answer[] answers) {
        var requests = new ArrayList<Engine.Request>();
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                requests.add(request(null, queries.get(i)));
            }
        }
        var results = predictions.predict(requests).iterator();
        for (int i = 0; i < answers.length; i++) {
            if (answers[i] == null) {
                var result = results.next();
                if (result.failure() != null) {
                    failed("the base alone", result.failure());
                }
                answers[i] = new Answer(result.prediction(), null, null);
            }
        }
    }

    private static Engine.Request request(Engine.Loaded adapter, Query query) {
        return new Engine.Request(adapter, query.text(), query.textPair());
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
        String refusal = adapterId == null ? null : adapters.refusal(adapterId);
        return "Adapter ("
                + adapterId
                + ") must have a version that can serve. "
                + (refusal == null
                        ? "Maybe none is published yet; fallback (error) can be null or base."
                        : "Its newest was refused: " + refusal);
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
    public int residentAdapters() {
        return adapters.residents();
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
            engine.close();
            registry.release(shared);
        }
    }
}
