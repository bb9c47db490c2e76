package io.flinkpeft.train;

import java.util.List;

/**
 * A predicted class.
 *
 * @param label the one with the highest score; null if the adapter knows none
 * @param score its probability, 0 to 1; of a regression its value
 * @param labels all labels, in the order of the logits
 * @param logits one a label
 * @param scoring how they become scores
 */
public record Classification(
        String label, double score, List<String> labels, float[] logits, Scoring scoring)
        implements Prediction {

    /** A predicted class of several that exclude each other. */
    public Classification(String label, double score, List<String> labels, float[] logits) {
        this(label, score, labels, logits, Scoring.SOFTMAX);
    }

    static Classification of(List<String> labels, float[] logits, Scoring scoring) {
        int best = Softmax.argmax(logits);
        return best < 0
                ? new Classification(null, 0, labels, logits, scoring)
                : new Classification(
                        labels.get(best), scoring.score(logits, best), labels, logits, scoring);
    }

    /** The score of each label, in the order of the logits. */
    public double[] scores() {
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scoring.score(logits, i);
        }
        return scores;
    }
}
