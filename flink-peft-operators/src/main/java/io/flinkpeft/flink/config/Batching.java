package io.flinkpeft.flink.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * When an adapter's examples become a batch, and which batches go into one step.
 *
 * @param size examples that close an adapter's batch, at least 1; default 32
 * @param interval event time that closes an adapter's batch: an example at or after the first one's
 *     time plus this closes the batch before it; zero: never; default zero
 * @param adaptersPerStep how many adapters share a step at most, at least 1; default 32
 * @param examplesPerStep how many examples share a step at most, but always one batch, at least 1;
 *     default 256
 * @param maxBuffered how many examples of closed batches a subtask holds before it takes no more,
 *     at least 1; default 4096
 * @param maxBufferedBytes how many bytes of them before it takes no more, and how many of batches
 *     that still grow before the least used wait in Flink's state, 1 to {@link
 *     #MOST_BUFFERED_BYTES}; default 64 MiB
 */
public record Batching(
        int size,
        Duration interval,
        int adaptersPerStep,
        int examplesPerStep,
        int maxBuffered,
        long maxBufferedBytes)
        implements Serializable {

    /** The defaults. */
    public static final Batching DEFAULT =
            new Batching(32, Duration.ZERO, 32, 256, 4096, 64L << 20);

    /** An adapter's batch that has so many bytes is full, or it could grow beyond an array. */
    public static final long MAX_BATCH_BYTES = 64L << 20;

    /** With it what is buffered of one adapter fits into an array. */
    public static final long MOST_BUFFERED_BYTES = 1L << 30;

    public Batching {
        Checks.atLeast(1, "train.batch-size", size);
        Durations.check("train.batch-interval", interval, Durations.OF_EVENTS);
        Checks.atLeast(1, "train.adapters-per-step", adaptersPerStep);
        Checks.atLeast(1, "train.examples-per-step", examplesPerStep);
        Checks.atLeast(1, "train.max-buffered", maxBuffered);
        Checks.atLeast(1, "train.max-buffered-bytes", maxBufferedBytes);
        if (maxBufferedBytes > MOST_BUFFERED_BYTES) {
            throw new IllegalArgumentException(
                    "train.max-buffered-bytes ("
                            + maxBufferedBytes
                            + ") must be at most "
                            + MOST_BUFFERED_BYTES
                            + ".");
        }
    }

    /** These settings with another number of examples a batch. */
    public Batching withSize(int size) {
        return new Batching(
                size, interval, adaptersPerStep, examplesPerStep, maxBuffered, maxBufferedBytes);
    }

    /** These settings with another event-time interval. */
    public Batching withInterval(Duration interval) {
        return new Batching(
                size, interval, adaptersPerStep, examplesPerStep, maxBuffered, maxBufferedBytes);
    }

    /** These settings with another bound on the examples of closed batches. */
    public Batching withMaxBuffered(int maxBuffered) {
        return new Batching(
                size, interval, adaptersPerStep, examplesPerStep, maxBuffered, maxBufferedBytes);
    }

    /** These settings with another bound on the bytes of what waits. */
    public Batching withMaxBufferedBytes(long maxBufferedBytes) {
        return new Batching(
                size, interval, adaptersPerStep, examplesPerStep, maxBuffered, maxBufferedBytes);
    }

    /** These settings with other bounds on a step. */
    public Batching withStep(int adapters, int examples) {
        return new Batching(size, interval, adapters, examples, maxBuffered, maxBufferedBytes);
    }
}
