package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.PrequentialStatistics;

/**
 * An adapter on a trainer's device, at one step. Immutable: a step gives a new one and leaves this
 * one as it is, so the owner decides which of the two to keep, and closes the other.
 *
 * <p>An object equals itself alone. May be read by several threads; closed by one.
 */
public interface LiveAdapter extends AutoCloseable {

    /** Whose it is. */
    String adapterId();

    /** Optimizer steps taken. */
    long step();

    /** The step of the newest version cut from it, or -1. */
    long publishedStep();

    /** How well it predicted what it learnt since it began. */
    PrequentialStatistics statistics();

    /** These statistics when its newest version was cut; none if it has none. */
    PrequentialStatistics publishedStatistics();

    /** Bytes it holds on the device. */
    long bytes();

    /** A copy of all it needs to go on elsewhere. */
    AdapterState snapshot();

    /**
     * The same adapter, remembering that a version was cut at its step. It shares this one's
     * memory, which is free once both are closed.
     */
    LiveAdapter published();

    /** Frees its memory; it cannot be used afterwards. A second call does nothing. */
    @Override
    void close();
}
