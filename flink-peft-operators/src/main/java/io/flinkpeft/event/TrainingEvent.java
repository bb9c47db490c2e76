package io.flinkpeft.event;

/**
 * What an adapter's stream is made of: examples to learn from, and controls that say how. For one
 * adapter they take effect in the order in which they come.
 */
public sealed interface TrainingEvent permits Example, Control {

    /** The adapter it is for, and the key of the stream. */
    String adapterId();

    /** Event time, milliseconds since the epoch. */
    long timestampMillis();

    /** The topic it was read from; null if it did not come from one. */
    String topic();

    /** The partition of the topic, or -1. */
    int partition();

    /** The offset in the partition, or -1. */
    long offset();
}
