package io.flinkpeft.event;

/**
 * What an adapter predicted for an example before it was trained on it.
 *
 * @param adapterId the adapter
 * @param step the adapter's optimizer step when it predicted: the prediction is that of version
 *     {@code adapterId@step}
 * @param predicted the predicted label; null while the adapter knows no label, and where its
 *     outputs are not finite
 * @param score the probability of the predicted label, 0 to 1; 0 while there is none
 * @param label the example's own label; null if it has none
 * @param loss cross entropy in nats; NaN if the example has no label; not finite where the outputs
 *     are not
 * @param timestampMillis the example's event time, milliseconds since the epoch
 * @param topic the example's topic; null if it did not come from one
 * @param partition the example's partition, or -1
 * @param offset the example's offset, or -1
 */
public record PrequentialResult(
        String adapterId,
        long step,
        String predicted,
        double score,
        String label,
        double loss,
        long timestampMillis,
        String topic,
        int partition,
        long offset) {

    /** Whether the prediction was right; false for an example without a label. */
    public boolean correct() {
        return label != null && label.equals(predicted);
    }
}
