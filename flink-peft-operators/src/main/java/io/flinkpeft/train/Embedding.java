package io.flinkpeft.train;

/**
 * A text as a vector.
 *
 * @param values of length 1, one a feature of the base model, or as many as the last layer of
 *     sentence-transformers makes
 * @param truncated whether the text was longer than the limit
 */
public record Embedding(float[] values, boolean truncated) implements Prediction {

    @Override
    public boolean isFinite() {
        return Prediction.areFinite(values);
    }
}
