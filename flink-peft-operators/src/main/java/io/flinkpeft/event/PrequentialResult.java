package io.flinkpeft.event;

/**
 * What an adapter predicted for an example before it was trained on it.
 *
 * @param adapterId the adapter
 * @param step the adapter's optimizer step when it predicted: the prediction is that of version
 *     {@code adapterId@step}
 * @param predicted what was predicted, as text; null while the adapter knows no label, where its
 *     outputs are not finite, and under a task that predicts no text
 * @param score the probability of what is predicted, 0 to 1; 0 while there is none; NaN where a
 *     prediction has none, as a number
 * @param label the right answer, as text; null if the example has none
 * @param correct whether the prediction is right, as the task measures it; null if the example has
 *     no right answer, or nothing can be right under the task
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
        Boolean correct,
        double loss,
        long timestampMillis,
        String topic,
        int partition,
        long offset) {}
