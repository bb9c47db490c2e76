package io.flinkpeft.predict;

import io.flinkpeft.train.Predictor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is served in this process: users with equal configurations share one {@link SharedAdapters},
 * opened by the first and closed with the last. Any thread may use it.
 */
final class ServingRegistry {

    private final Function<ServingConfig, Predictor> predictors;
    private final Map<ServingConfig, SharedAdapters> shared = new HashMap<>();

    ServingRegistry(Function<ServingConfig, Predictor> predictors) {
        this.predictors = predictors;
    }

    /** A predictor for one user; it computes for one thread at a time. */
    Predictor predictor(ServingConfig config) {
        return predictors.apply(config);
    }

    SharedAdapters acquire(ServingConfig config, Duration bootstrapTimeout, ClassLoader classLoader)
            throws InterruptedException {
        SharedAdapters entry = enter(config);
        boolean opened = false;
        try {
            entry.open(bootstrapTimeout, classLoader);
            opened = true;
            return entry;
        } finally {
            if (!opened) {
                release(entry);
            }
        }
    }

    private synchronized SharedAdapters enter(ServingConfig config) {
        shared.computeIfPresent(config, (same, used) -> used.hasFailed() ? null : used);
        SharedAdapters entry =
                shared.computeIfAbsent(config, fresh -> new SharedAdapters(fresh, predictors));
        entry.users++;
        return entry;
    }

    void release(SharedAdapters entry) {
        synchronized (this) {
            if (--entry.users > 0) {
                return;
            }
            shared.remove(entry.config(), entry);
        }
        entry.close(); // outside the lock: it may wait for the subscription's thread
    }

    synchronized int size() {
        return shared.size();
    }
}
