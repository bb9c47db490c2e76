package io.flinkpeft.predict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts texts of any mix of adapters, each with its adapter's current version.
 *
 * <p>Order of use: {@link #open}, {@link #predict} as often as there are texts, {@link #close}. One
 * thread at a time. Within a process, users with equal configurations share one subscription and
 * the adapters' memory; each computes on its own thread.
 */
public final class Serving implements AutoCloseable {

    private static final ServingRegistry PROCESS = new ServingRegistry(PredictorEngine::open);

    private final ServingRegistry registry;
    private final SharedAdapters shared;
    private final ServingAdapters adapters;
    private final Engine engine;
    private boolean closed;

    private Serving(ServingRegistry registry, SharedAdapters shared, Engine engine) {
        this.registry = registry;
        this.shared = shared;
        this.adapters = shared.adapters();
        this.engine = engine;
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
     * Predicts texts together, all of an adapter with the same version.
     *
     * @return one answer a query, in order
     * @throws UnknownAdapterException if the fallback is {@link Fallback#ERROR} and an adapter has
     *     no version that can serve
     * @throws IllegalStateException if the versions ended with an error
     */
    public List<Answer> predict(List<Query> queries, Fallback fallback) {
        var held = new HashMap<String, Resident>();
        try {
            for (Query query : queries) {
                if (query.adapterId() != null) {
                    held.computeIfAbsent(query.adapterId(), adapters::hold);
                }
            }
            return predict(queries, held, fallback);
        } finally {
            held.values().forEach(Resident::release);
        }
    }

    private List<Answer> predict(
            List<Query> queries, Map<String, Resident> held, Fallback fallback) {
        var requests = new ArrayList<Engine.Request>(queries.size());
        for (Query query : queries) {
            Resident resident = held.get(query.adapterId());
            if (resident == null && fallback == Fallback.ERROR) {
                throw new UnknownAdapterException(unknown(query.adapterId()));
            }
            if (resident != null || fallback == Fallback.BASE) {
                var loaded = resident == null ? null : resident.loaded();
                requests.add(new Engine.Request(loaded, query.text(), query.textPair()));
            }
        }
        var results = requests.isEmpty() ? null : engine.predict(requests).iterator();
        var answers = new ArrayList<Answer>(queries.size());
        for (Query query : queries) {
            Resident resident = held.get(query.adapterId());
            if (resident != null) {
                Origin origin = resident.origin();
                answers.add(new Answer(results.next(), origin.adapterId(), origin.step()));
            } else if (fallback == Fallback.BASE) {
                answers.add(new Answer(results.next(), null, null));
            } else {
                answers.add(Answer.NONE);
            }
        }
        return answers;
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
