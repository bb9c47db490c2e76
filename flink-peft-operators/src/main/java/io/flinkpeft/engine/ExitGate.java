package io.flinkpeft.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets no native call run while the JVM exits. libtorch frees its static data then, and a thread
 * that is inside it crashes the process, so that a normal end looks like a fault of the host.
 *
 * <p>Calls that run are waited for, for a while; later ones are refused.
 */
final class ExitGate {

    private static final Logger LOG = LoggerFactory.getLogger(ExitGate.class);
    private static final long WAIT_SECONDS = 60;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /** A gate that closes when the JVM begins to shut down. */
    static ExitGate ofJvm() {
        var gate = new ExitGate();
        Runtime.getRuntime().addShutdownHook(new Thread(gate::close, "libtorch exit gate"));
        return gate;
    }

    /**
     * Must be followed by {@link #leave}, always.
     *
     * @throws IllegalStateException if the JVM is shutting down
     */
    void enter() {
        lock.readLock().lock();
        if (closed) {
            lock.readLock().unlock();
            throw new IllegalStateException("libtorch must not be called: the JVM shuts down.");
        }
    }

    void leave() {
        lock.readLock().unlock();
    }

    private void close() {
        try {
            if (lock.writeLock().tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
                closed = true;
                lock.writeLock().unlock();
            } else {
                LOG.warn("A native call still runs after {} s; the exit may crash.", WAIT_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
