package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;

/**
 * An adapter on the device, at one step. Immutable: a step gives a new one and leaves this one as
 * it is, so the owner decides which of the two to keep, and closes the other.
 *
 * <p>May be read by several threads; closed by one.
 */
public final class LiveAdapter implements AutoCloseable {

    LiveAdapter() {}

    /** Whose it is. */
    public String adapterId() {
        throw new UnsupportedOperationException();
    }

    /** Optimizer steps taken. */
    public long step() {
        throw new UnsupportedOperationException();
    }

    /** A copy of all it needs to go on elsewhere. */
    public AdapterState snapshot() {
        throw new UnsupportedOperationException();
    }

    /** The same adapter, remembering that its newest version was cut at {@code step}. */
    public LiveAdapter published() {
        throw new UnsupportedOperationException();
    }

    /** Bytes it holds on the device. */
    public long bytes() {
        throw new UnsupportedOperationException();
    }

    /** Frees its memory; it cannot be used afterwards. A second call does nothing. */
    @Override
    public void close() {}
}
