package io.flinkpeft.train;

/** What a model says of a text. */
public sealed interface Prediction
        permits Classification, Embedding, Generation, Likelihood, SpanAnswer, Tagging {

    /** Whether the text was longer than the limit, so that the model saw a part of it. */
    boolean truncated();

    /** Whether all its numbers are; if not it says nothing. */
    boolean isFinite();

    /** Whether {@code values} has neither NaN nor infinity. */
    static boolean areFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
