package io.flinkpeft.event;

/**
 * Says that the event time of a partition has come to a point, where no example says so: without
 * it, a partition that nobody writes to holds all others back.
 *
 * <p>A public record of simple components: Flink serializes it as a POJO.
 *
 * @param timestampMillis event time, milliseconds since the epoch
 * @param topic the topic it was read from; null if it did not come from one
 * @param partition the partition of the topic, or -1
 * @param offset the offset in the partition, or -1
 * @param raw the record it was read from; null if there is none, or it is not kept
 */
public record Heartbeat(
        long timestampMillis, String topic, int partition, long offset, RawRecord raw)
        implements TrainingEvent {

    /** A heartbeat that keeps no record. */
    public Heartbeat(long timestampMillis, String topic, int partition, long offset) {
        this(timestampMillis, topic, partition, offset, null);
    }

    /** It is for no adapter. */
    @Override
    public String adapterId() {
        return null;
    }
}
