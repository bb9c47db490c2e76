package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import java.io.Serializable;
import java.util.List;

/**
 * What the operator asks of {@link io.flinkpeft.train.OnlineTrainer}; a toy stands in for it in
 * tests. One thread at a time.
 */
interface Trainer extends AutoCloseable {

    /** Opens a trainer on a TaskManager. */
    interface Factory extends Serializable {
        Trainer open();
    }

    /** An adapter on the device. {@link #snapshot} may be called by any thread. */
    interface Adapter extends AutoCloseable {
        long step();

        long bytes();

        /** How many examples it learnt from since it began. */
        long examples();

        AdapterState snapshot();

        @Override
        void close();
    }

    record Batch(
            Adapter adapter,
            AdapterSettings settings,
            List<Example> examples,
            List<Example> replayed) {}

    record Outcome(
            Adapter after,
            double loss,
            List<Example> predicted,
            List<PrequentialResult> results,
            List<Rejected> rejected,
            int tokens,
            int truncated) {}

    /**
     * A fresh adapter.
     *
     * @throws IllegalArgumentException if its method cannot be used
     */
    Adapter create(String adapterId, AdapterSettings settings);

    Adapter restore(AdapterState state, AdapterSettings settings);

    /**
     * Refuses the state of an adapter with which the job cannot go on, whatever the adapter itself
     * was told.
     *
     * @throws IllegalStateException with the reason
     */
    void check(AdapterState state, AdapterSettings settings);

    /**
     * Refuses a method that a control must not give.
     *
     * @throws IllegalArgumentException with the reason
     */
    void checkMethod(String method);

    /** Takes a step of a fresh adapter on a text that is known to be good; throws if that fails. */
    void trial();

    List<Outcome> step(List<Batch> batches);

    AdapterVersion version(Adapter adapter);

    /** The adapter once its version was cut. Both are closed, each for itself. */
    Adapter published(Adapter adapter);

    @Override
    void close();
}
