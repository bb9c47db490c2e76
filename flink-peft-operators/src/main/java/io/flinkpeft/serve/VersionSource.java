package io.flinkpeft.serve;

import io.flinkpeft.adapter.AdapterVersion;
import java.time.Duration;

/**
 * The current versions of adapters, and every change of them.
 *
 * <p>Order of use: {@link #start}, then {@link #awaitBootstrap}, at last {@link #close}.
 */
public interface VersionSource extends AutoCloseable {

    /** Told of changes, from one thread, in order. */
    interface Listener {

        /** From now on this is the adapter's version; a roll-back gives an earlier one. */
        void current(AdapterVersion version);

        /** From now on the adapter has no version. */
        void removed(String adapterId);

        /** A version that cannot be used; the one before it stays. */
        void refused(String adapterId, String reason);

        /** The source ended with an error and tells nothing more. */
        void failed(Throwable cause);
    }

    /** Starts a background thread that tells the listener. */
    void start(Listener listener);

    /**
     * Waits until every version that was current at {@link #start} has been told.
     *
     * @throws IllegalStateException if that takes longer, with what it waited for
     */
    void awaitBootstrap(Duration timeout) throws InterruptedException;

    @Override
    void close();
}
