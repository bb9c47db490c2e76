package io.flinkpeft.predict;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Puts single requests into batches that one thread of its own works on. A batch closes when it is
 * full, or when its oldest request has waited for the delay; requests that arrive while a batch is
 * worked on wait for the next.
 *
 * <p>Any thread may submit. The worker is interrupted only when it is closed.
 *
 * @param <Q> a request
 * @param <A> its answer
 */
public final class MicroBatcher<Q, A> implements AutoCloseable {

    /** The most requests of a batch. */
    public static final int MAX_BATCH_SIZE = 1_000_000;

    /** How many batches may wait before {@link #submit} does. */
    private static final long BATCHES_WAITING = 16;

    private static final long CLOSE_TIMEOUT_MILLIS = 10_000;

    private record Waiting<Q, A>(Q request, CompletableFuture<A> answer, long sinceNanos) {}

    private final int batchSize;
    private final long delayNanos;
    private final Function<List<Q>, List<A>> work;
    private final Thread worker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Waiting<Q, A>> queue = new ArrayDeque<>();
    private boolean closed;

    /**
     * Starts the worker.
     *
     * @param name of the worker's thread
     * @param batchSize the most requests of a batch, 1 to {@link #MAX_BATCH_SIZE}
     * @param delay the longest that a request waits for others, at least 0
     * @param work gives one answer a request, in order
     * @param atEnd the worker's last act, after all work; frees what the work used
     */
    public MicroBatcher(
            String name,
            int batchSize,
            Duration delay,
            Function<List<Q>, List<A>> work,
            Runnable atEnd) {
        this.batchSize = batchSize;
        this.delayNanos = delay.toNanos();
        this.work = work;
        this.worker =
                new Thread(
                        () -> {
                            try {
                                workUntilClosed();
                            } finally {
                                Thread.interrupted(); // what ends now waits for others
                                atEnd.run();
                            }
                        },
                        name);
        worker.setDaemon(true);
        worker.start();
    }

    /**
     * Queues a request; waits only while the queue is full.
     *
     * @return completed with the answer, or with what the work threw, or with a {@link
     *     CancellationException} if this is closed before
     */
    public CompletableFuture<A> submit(Q request) {
        var answer = new CompletableFuture<A>();
        lock.lock();
        try {
            while (!closed && queue.size() >= batchSize * BATCHES_WAITING) {
                room.await();
            }
            if (closed) {
                answer.completeExceptionally(ended());
                return answer;
            }
            queue.add(new Waiting<>(request, answer, System.nanoTime()));
            changed.signal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(ended());
        } finally {
            lock.unlock();
        }
        return answer;
    }

    private void workUntilClosed() {
        for (var batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
            try {
                List<A> answers = work.apply(batch.stream().map(Waiting::request).toList());
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer().complete(answers.get(i));
                }
            } catch (Throwable e) {
                // errors too: who waits must hear of them, on this thread nobody would
                batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
            }
        }
    }

    /** Waits for a batch to close; empty when this is closed. */
    private List<Waiting<Q, A>> nextBatch() {
        lock.lock();
        try {
            while (queue.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            awaitFullOrLate();
            var batch = new ArrayList<Waiting<Q, A>>();
            while (!closed && batch.size() < batchSize && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void awaitFullOrLate() {
        while (!closed && queue.size() < batchSize) {
            long left = queue.element().sinceNanos() + delayNanos - System.nanoTime();
            if (left <= 0) {
                return;
            }
            try {
                changed.awaitNanos(left);
            } catch (InterruptedException e) {
                return; // the batch closes early
            }
        }
    }

    private static CancellationException ended() {
        return new CancellationException("The prediction was not made: its query has ended.");
    }

    /** Cancels what waits, interrupts the batch in work, and waits for it, though not for ever. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.forEach(waiting -> waiting.answer().completeExceptionally(ended()));
            queue.clear();
            changed.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        worker.interrupt();
        try {
            worker.join(CLOSE_TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the worker ends by itself and frees what it used
        }
    }
}
