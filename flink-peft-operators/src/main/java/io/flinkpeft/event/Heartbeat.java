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
 */
public record Heartbeat(long timestampMillis, String topic, int partition, long offset)
        implements TrainingEvent {

    /** It is for no adapter. */
    @Override
    public String adapterId() {
        return null;
    }
}
