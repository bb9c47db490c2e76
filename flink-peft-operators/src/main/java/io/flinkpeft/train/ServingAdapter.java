package io.flinkpeft.train;

import java.util.List;

/**
 * An adapter on the device in the form that predicts. Immutable; may be used by several threads.
 */
public final class ServingAdapter implements AutoCloseable {

    ServingAdapter() {}

    /** Whose it is. */
    public String adapterId() {
        throw new UnsupportedOperationException();
    }

    /** The step of its version. */
    public long step() {
        throw new UnsupportedOperationException();
    }

    /** Its labels in the order of the logits. */
    public List<String> labels() {
        throw new UnsupportedOperationException();
    }

    /** Bytes it holds on the device. */
    public long bytes() {
        throw new UnsupportedOperationException();
    }

    /** Frees its memory once no prediction uses it. A second call does nothing. */
    @Override
    public void close() {}
}
