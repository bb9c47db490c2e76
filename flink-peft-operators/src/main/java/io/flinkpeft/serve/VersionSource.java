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

        /**
         * From now on this is the adapter's version; a roll-back, or a request for an {@link
         * VersionSource#earlier} one, gives an earlier one.
         */
        void current(AdapterVersion version);

        /** There is no version before the one that was asked about. */
        void none(String adapterId, long step);

        /** From now on the adapter has no version. */
        void removed(String adapterId);

        /** A version that is not there whole; what is told stays, if nothing else is said. */
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

    /**
     * Asks for the newest version before one that was told and that cannot be used. The listener is
     * told of it, or that there is {@link Listener#none}; a version that was told meanwhile stands.
     * Any thread may call this, the listener's too.
     */
    void earlier(String adapterId, long step);

    @Override
    void close();
}
