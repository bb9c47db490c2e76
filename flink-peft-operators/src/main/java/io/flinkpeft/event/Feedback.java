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
 */
public record Feedback(
        String adapterId,
        String exampleId,
        String label,
        long timestampMillis,
        String topic,
        int partition,
        long offset)
        implements TrainingEvent {

    /** Whether it takes a label back. */
    public boolean isRetraction() {
        return label == null;
    }

    /** What it is and of which example, for messages. */
    public String description() {
        return (isRetraction() ? "Retraction" : "Label (" + label + ")")
                + " of example "
                + exampleId;
    }
}
