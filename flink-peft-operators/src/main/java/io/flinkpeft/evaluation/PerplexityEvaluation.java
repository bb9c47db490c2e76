package io.flinkpeft.evaluation;

import java.util.Map;

/** Texts under a language model: e to the mean of their losses, at least 1. */
public final class PerplexityEvaluation implements Evaluation {

    /** The name of the measure. */
    public static final String PERPLEXITY = "perplexity";

    private double lossSum;
    private long texts;

    /** Nothing: a text is neither right nor wrong. */
    @Override
    public void add(String predicted, String expected) {}

    @Override
    public void addLoss(double loss) {
        if (Double.isFinite(loss)) {
            lossSum += loss;
            texts++;
        }
    }

    @Override
    public Map<String, Double> values() {
        return texts == 0 ? Map.of() : Map.of(PERPLEXITY, Math.exp(lossSum / texts));
    }
}
