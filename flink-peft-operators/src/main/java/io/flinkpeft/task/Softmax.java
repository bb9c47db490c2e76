package io.flinkpeft.task;

/** Probabilities of logits. */
public final class Softmax {

    private Softmax() {}

    /** The index of the largest logit, the first of equals; -1 if there are none. */
    public static int argmax(float[] logits) {
        int best = -1;
        for (int i = 0; i < logits.length; i++) {
            if (best < 0 || logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    /** The logarithm of the probability of one of the logits. */
    public static double logProbability(float[] logits, int index) {
        float largest = logits[argmax(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return logits[index] - largest - Math.log(sum);
    }
}
