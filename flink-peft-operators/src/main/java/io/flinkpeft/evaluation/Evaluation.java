package io.flinkpeft.evaluation;

import java.util.Map;

/**
 * How good the predictions of a task are: {@link #add} each, then read the {@link #values}. It
 * keeps counts, not the predictions. One thread at a time.
 */
public interface Evaluation {

    /**
     * Adds a prediction.
     *
     * @param predicted what was predicted; null, which is wrong, if nothing was
     * @param expected the right answer
     */
    void add(String predicted, String expected);

    /**
     * Adds the loss of a prediction, which most measures do not look at.
     *
     * @param loss nats; one that is not finite does not count
     */
    default void addLoss(double loss) {}

    /**
     * The measures, each 0 to 1 unless it says otherwise, by their names in the order in which they
     * are shown; empty before the first prediction.
     */
    Map<String, Double> values();
}
