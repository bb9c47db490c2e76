package io.flinkpeft.event;

import java.util.Comparator;

/**
 * What an adapter's stream is made of: examples to learn from, feedback on them, controls that say
 * how, and heartbeats that say when. For one adapter they take effect in the order in which they
 * come.
 */
public sealed interface TrainingEvent permits Example, Control, Feedback, Heartbeat {

    /**
     * The order by event time: of the same time, controls come before examples and these before
     * feedback, then topic, partition and offset decide.
     */
    Comparator<TrainingEvent> BY_EVENT_TIME =
            Comparator.comparingLong(TrainingEvent::timestampMillis)
                    .thenComparingInt(TrainingEvent::rank)
                    .thenComparing(
                            TrainingEvent::topic, Comparator.nullsFirst(Comparator.naturalOrder()))
                    .thenComparingInt(TrainingEvent::partition)
                    .thenComparingLong(TrainingEvent::offset);

    /** The adapter it is for, and the key of the stream; null if it is for none. */
    String adapterId();

    /** Event time, milliseconds since the epoch. */
    long timestampMillis();

    /** The topic it was read from; null if it did not come from one. */
    String topic();

    /** The partition of the topic, or -1. */
    int partition();

    /** The offset in the partition, or -1. */
    long offset();

    /** The record it was read from; null if there is none, or it is not kept. */
    RawRecord raw();

    private static int rank(TrainingEvent event) {
        return event instanceof Control ? 0 : event instanceof Example ? 1 : 2;
    }
}
