package io.flinkpeft.event;

import java.util.Arrays;
import java.util.Objects;

/**
 * A record that could not be used, for the dead-letter output: where it came from, why, and its
 * bytes, so that nothing is lost.
 *
 * @param reason what, with its value, must what
 * @param adapterId the adapter it was for; null if that could not be read
 * @param topic the topic it was read from; null if it did not come from one
 * @param partition the partition of the topic, or -1
 * @param offset the offset in the partition, or -1
 * @param timestampMillis the record's time, milliseconds since the epoch
 * @param payload the record as it was read; never null
 */
public record Rejected(
        String reason,
        String adapterId,
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        byte[] payload) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Rejected that
                && reason.equals(that.reason)
                && Objects.equals(adapterId, that.adapterId)
                && Objects.equals(topic, that.topic)
                && partition == that.partition
                && offset == that.offset
                && timestampMillis == that.timestampMillis
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(reason, adapterId, topic, partition, offset, timestampMillis)
                + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Rejected["
                + (topic == null ? "" : topic + "-" + partition + "@" + offset + ": ")
                + reason
                + "]";
    }
}
