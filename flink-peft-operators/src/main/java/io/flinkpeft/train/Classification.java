package io.flinkpeft.train;

import java.util.List;

/**
 * A predicted class.
 *
 * @param label the most probable label; null if the adapter knows none
 * @param score its probability, 0 to 1
 * @param labels all labels, in the order of the logits
 * @param logits one a label
 */
public record Classification(String label, double score, List<String> labels, float[] logits)
        implements Prediction {

    /** The probability of each label, in the order of the logits. */
    public double[] scores() {
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(Softmax.logProbability(logits, i));
        }
        return scores;
    }
}
