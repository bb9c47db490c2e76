package io.flinkpeft.train;

import java.util.List;

/**
 * A predicted class.
 *
 * @param label the one with the highest score; null if the adapter knows none, or a logit is not
 *     finite
 * @param score its probability, 0 to 1; of a regression its value
 * @param labels all labels, in the order of the logits
 * @param logits one a label
 * @param scoring how they become scores
 * @param truncated whether the text was longer than the limit
 */
public record Classification(
        String label,
        double score,
        List<String> labels,
        float[] logits,
        Scoring scoring,
        boolean truncated)
        implements Prediction {

    /** A predicted class of several that exclude each other. */
    public Classification(String label, double score, List<String> labels, float[] logits) {
        this(label, score, labels, logits, Scoring.SOFTMAX, false);
    }

    /** Of logits that are not finite no label is the best. */
    static Classification of(
            List<String> labels, float[] logits, Scoring scoring, boolean truncated) {
        int best = Prediction.areFinite(logits) ? Softmax.argmax(logits) : -1;
        String label = best < 0 ? null : labels.get(best);
        double score = best < 0 ? 0 : scoring.score(logits, best);
        return new Classification(label, score, labels, logits, scoring, truncated);
    }

    /** The score of each label, in the order of the logits. */
    public double[] scores() {
        double[] scores = new double[logits.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scoring.score(logits, i);
        }
        return scores;
    }

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(logits);
    }
}
