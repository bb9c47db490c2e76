package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import java.io.Serializable;
import java.util.List;

/**
 * Trains many adapters: {@link OnlineTrainer}, or what stands in for it in tests.
 *
 * <p>Order of use: {@link #create} or {@link #restore} for each adapter, {@link #step} as often as
 * there are batches, at last {@link #close}. One thread at a time. A trainer takes only adapters
 * that it made.
 */
public interface Trainer extends AutoCloseable {

    /** Opens a trainer on a TaskManager. */
    interface Factory extends Serializable {

        /** The trainer, open. */
        Trainer open();
    }

    /**
     * A fresh adapter; the same seed, id and method give the same values.
     *
     * @throws IllegalArgumentException if its method cannot be read, or not be used with the base
     */
    LiveAdapter create(String adapterId, AdapterSettings settings);

    /**
     * An adapter from its state.
     *
     * @throws IllegalStateException if the state is of another base model or method, or of other
     *     numerics and the configuration does not allow a change
     */
    LiveAdapter restore(AdapterState state, AdapterSettings settings);

    /**
     * Refuses a state with which the configuration cannot go on, whatever the adapter was told.
     *
     * @throws ForeignStateException if it is of another base model or numerics, or, without a
     *     method of its own, of another method
     */
    void check(AdapterState state, AdapterSettings settings);

    /**
     * Refuses a method that a control must not give.
     *
     * @throws IllegalArgumentException if none may be given, it has a key that is unknown, it
     *     cannot be read, or it is for another task than the configured head
     */
    void checkMethod(String method);

    /**
     * Takes a step of a fresh adapter on a text that is known to be good; throws if it learns
     * nothing.
     */
    void trial();

    /**
     * One optimizer step for every batch; if it throws, it leaves nothing on the device. What an
     * adapter learns depends on its own batch alone, not on the others.
     *
     * @param batches of different adapters, at least one
     * @return one outcome a batch, in order
     */
    List<BatchOutcome> step(List<Batch> batches);

    /** The adapter in its serving form, its parent the version published before. */
    AdapterVersion version(LiveAdapter adapter);

    /** Frees what this trainer holds. */
    @Override
    void close();
}
