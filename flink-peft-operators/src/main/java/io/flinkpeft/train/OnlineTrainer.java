package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Numerics;
import java.util.List;

/**
 * Trains many adapters over one frozen base model.
 *
 * <p>Order of use: {@link #open}, then {@link #create} or {@link #restore} for each adapter, {@link
 * #step} as often as there are batches, at last {@link #close}. One thread at a time; several
 * trainers of a process share the base model's memory.
 */
public final class OnlineTrainer implements AutoCloseable {

    /**
     * Loads the base model, or shares one that is loaded.
     *
     * @throws IllegalArgumentException if a setting cannot be used, or the model is missing or of
     *     an unsupported architecture
     */
    public static OnlineTrainer open(TrainerConfig config) {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of the base model's tensors, hex. */
    public String baseHash() {
        throw new UnsupportedOperationException();
    }

    /** What decides the bits of adapters trained here. */
    public Numerics numerics() {
        throw new UnsupportedOperationException();
    }

    /** A fresh adapter; the same seed and id give the same values. */
    public LiveAdapter create(String adapterId) {
        throw new UnsupportedOperationException();
    }

    /**
     * An adapter from its state.
     *
     * @throws IllegalStateException if the state is of another base model, method or numerics
     */
    public LiveAdapter restore(AdapterState state) {
        throw new UnsupportedOperationException();
    }

    /**
     * One optimizer step for every batch. What an adapter learns depends on its own batch alone,
     * not on the others.
     *
     * @param batches of different adapters, at least one
     * @return one outcome a batch, in order
     */
    public List<BatchOutcome> step(List<Batch> batches) {
        throw new UnsupportedOperationException();
    }

    /** The adapter in its serving form, its parent the version published before. */
    public AdapterVersion version(LiveAdapter adapter) {
        throw new UnsupportedOperationException();
    }

    /** Frees what this trainer holds; the base model stays loaded for others. */
    @Override
    public void close() {}
}
