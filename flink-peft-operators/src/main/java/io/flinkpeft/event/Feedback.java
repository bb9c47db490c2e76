package io.flinkpeft.event;

/**
 * What became known of an example after its text: its label, or that the label was wrong.
 *
 * <p>A public record of simple components: Flink serializes it as a POJO.
 *
 * @param adapterId the adapter of the example; not null
 * @param exampleId the {@link Example#id} of the example; not null
 * @param label the example's label; null takes the label back
 * @param timestampMillis event time, milliseconds since the epoch
 * @param topic the topic it was read from; null if it did not come from one
 * @param partition the partition of the topic, or -1
 * @param offset the offset in the partition, or -1
 * @param raw the record it was read from; null if there is none, or it is not kept
 */
public record Feedback(
        String adapterId,
        String exampleId,
        String label,
        long timestampMillis,
        String topic,
        int partition,
        long offset,
        RawRecord raw)
        implements TrainingEvent {

    /** Feedback that keeps no record. */
    public Feedback(
            String adapterId,
            String exampleId,
            String label,
            long timestampMillis,
            String topic,
            int partition,
            long offset) {
        this(adapterId, exampleId, label, timestampMillis, topic, partition, offset, null);
    }

    /** The same feedback with the record it was read from; null: it keeps none. */
    public Feedback with(RawRecord raw) {
        return new Feedback(
                adapterId, exampleId, label, timestampMillis, topic, partition, offset, raw);
    }

    /** Whether it takes a label back. */
    public boolean isRetraction() {
        return label == null;
    }

    /** Where it was read, when it was, and its label: equal for equal feedback alone. */
    public String place() {
        return timestampMillis + ":" + partition + ":" + offset + ":" + topic + ":" + label;
    }

    /** What it is and of which example, for messages. */
    public String description() {
        return (isRetraction() ? "Retraction" : "Label (" + label + ")")
                + " of example "
                + exampleId;
    }
}
