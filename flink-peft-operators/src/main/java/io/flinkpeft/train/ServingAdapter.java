package io.flinkpeft.train;

import java.util.List;

/**
 * An adapter on the device in the form that predicts, and what it is asked. Immutable; may be used
 * by several threads.
 */
public interface ServingAdapter extends AutoCloseable {

    /** Whose it is. */
    String adapterId();

    /** The step of its version. */
    long step();

    /** Bytes it holds on the device. */
    long bytes();

    /** What a user should know of it and of its base, a line each; usually nothing. */
    default List<String> notes() {
        return List.of();
    }

    /** Frees its memory; no prediction may use it any more. A second call does nothing. */
    @Override
    void close();
}
