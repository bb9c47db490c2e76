package io.flinkpeft.adapter;

/**
 * How well an adapter predicted the examples it was then trained on.
 *
 * @param examples how many labelled examples were predicted
 * @param correct how many of them rightly; 0 under a task whose predictions are never right or
 *     wrong, so that its accuracies mean nothing
 * @param lossSum the sum of their cross entropies, nats
 * @param recentAccuracy accuracy with exponential fading over about {@link #WINDOW} examples
 * @param recentLoss cross entropy with the same fading, nats
 */
public record PrequentialStatistics(
        long examples, long correct, double lossSum, double recentAccuracy, double recentLoss) {

    /** The fading window in examples. */
    public static final int WINDOW = 500;

    /** Nothing predicted yet. */
    public static final PrequentialStatistics NONE = new PrequentialStatistics(0, 0, 0, 0, 0);

    /**
     * These statistics and one prediction more.
     *
     * @param correct whether it is right; null, which counts as wrong, if that cannot be said
     */
    public PrequentialStatistics plus(Boolean correct, double loss) {
        boolean right = Boolean.TRUE.equals(correct);
        // the plain mean until the window is full: no start value leaves a trace
        double weight = 1.0 / Math.min(examples + 1, WINDOW);
        return new PrequentialStatistics(
                examples + 1,
                this.correct + (right ? 1 : 0),
                lossSum + loss,
                recentAccuracy + weight * ((right ? 1 : 0) - recentAccuracy),
                recentLoss + weight * (loss - recentLoss));
    }

    /** The share of right predictions, 0 to 1; 0 if there are none. */
    public double accuracy() {
        return examples == 0 ? 0 : (double) correct / examples;
    }

    /** The mean cross entropy, nats; 0 if there are none. */
    public double meanLoss() {
        return examples == 0 ? 0 : lossSum / examples;
    }
}
