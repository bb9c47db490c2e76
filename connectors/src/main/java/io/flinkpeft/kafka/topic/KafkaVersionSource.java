package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.VersionSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The versions of an adapter topic: reads it from its beginning, tells what is current, and follows
 * it. Only versions that are there whole and with the right hashes are told.
 *
 * <p>No broker, or no topic, at the start is an error within the topic's connect timeout. Later a
 * broker may go away: what is served stays, and the source goes on when one is back.
 *
 * <p>Keeps no payload on the heap, and none that it has told. Several threads may use it; the
 * listener is called from the source's own.
 */
public final class KafkaVersionSource implements VersionSource {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final AdapterTopic topic;
    private final Isolation isolation;
    private final VersionLimits limits;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    private TopicFollower follower;
    private Thread thread;

    KafkaVersionSource(AdapterTopic topic, Isolation isolation, VersionLimits limits) {
        this.topic = topic;
        this.isolation = isolation;
        this.limits = limits;
    }

    /** The committed versions of a topic, with the default limits. */
    public static KafkaVersionSource of(AdapterTopic topic) {
        return new KafkaVersionSource(topic, Isolation.READ_COMMITTED, VersionLimits.DEFAULT);
    }

    @Override
    public synchronized void start(Listener listener) {
        if (follower != null) {
            throw new IllegalStateException(
                    "Version source of " + topic.name() + " must be started once only.");
        }
        follower =
                new TopicFollower(
                        topic, isolation, limits, listener, () -> caughtUp.complete(null));
        thread = new Thread(() -> run(listener), "adapter versions of " + topic.name());
        thread.setDaemon(true);
        // not that of the job that happens to be the first: others may outlive it
        thread.setContextClassLoader(KafkaVersionSource.class.getClassLoader());
        thread.start();
    }

    private void run(Listener listener) {
        try {
            follower.run();
            caughtUp.completeExceptionally(new IllegalStateException("Version source was closed."));
        } catch (RuntimeException | Error e) {
            caughtUp.completeExceptionally(e);
            listener.failed(e);
        }
    }

    @Override
    public void awaitBootstrap(Duration timeout) throws InterruptedException {
        long advance = 0;
        while (!isCaughtUp(timeout)) {
            long now = follower.advance();
            if (now == advance) {
                throw new IllegalStateException(
                        "Versions of topic "
                                + topic.name()
                                + " at "
                                + topic.servers()
                                + " must go on being read within "
                                + timeout
                                + ": "
                                + follower.progress()
                                + ".");
            }
            advance = now;
        }
    }

    private boolean isCaughtUp(Duration timeout) throws InterruptedException {
        try {
            caughtUp.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Override
    public void earlier(String adapterId, long step) {
        follower.earlier(adapterId, step);
    }

    @Override
    public synchronized void close() {
        if (follower == null) {
            return;
        }
        follower.stop();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
