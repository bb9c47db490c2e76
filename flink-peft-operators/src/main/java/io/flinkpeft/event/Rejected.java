package io.flinkpeft.event;

import java.util.Arrays;
import java.util.Objects;

/**
 * A record that could not be used, for the dead-letter output: where it came from, why, and its
 * bytes, so that nothing is lost.
 *
 * @param cause what kind of reason it is; never null
 * @param reason what, with its value, must what
 * @param adapterId the adapter it was for; null if that could not be read
 * @param key the key of its record; null if it has none
 * @param topic the topic it was read from; null if it did not come from one
 * @param partition the partition of the topic, or -1
 * @param offset the offset in the partition, or -1
 * @param timestampMillis the record's time, milliseconds since the epoch
 * @param payload the record as it was read, or what stands for an event that was not read as it is;
 *     never null
 */
public record Rejected(
        Cause cause,
        String reason,
        String adapterId,
        byte[] key,
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        byte[] payload) {

    /** Kinds of reasons, by which refused records are counted. */
    public enum Cause {
        /** It has no value. */
        EMPTY,
        /** It has too many bytes. */
        SIZE,
        /** It is not JSON, or no object. */
        JSON,
        /** A field of it breaks a rule. */
        FIELD,
        /** It names no adapter, or one that cannot be. */
        ADAPTER,
        /** Its time cannot be, or lies far ahead of that of its record. */
        TIME,
        /** It is older than its partition allows. */
        LATE,
        /** Its turn had passed when it came. */
        BEHIND,
        /** Its id came before. */
        DUPLICATE,
        /** A label or a retraction that belongs to no example. */
        FEEDBACK,
        /** A control that cannot be obeyed. */
        CONTROL,
        /** The task or the model has no use for it, such as for a label that it does not know. */
        EXAMPLE,
        /** What would be learnt from it is not finite. */
        NUMBERS,
        /** A step with it fails. */
        FAILURE
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rejected that
                && cause == that.cause
                && reason.equals(that.reason)
                && Objects.equals(adapterId, that.adapterId)
                && Arrays.equals(key, that.key)
                && Objects.equals(topic, that.topic)
                && partition == that.partition
                && offset == that.offset
                && timestampMillis == that.timestampMillis
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(cause, reason, adapterId, topic, partition, offset, timestampMillis)
                + 31 * Arrays.hashCode(key)
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
