package io.flinkpeft.task;

import com.fasterxml.jackson.core.JsonGenerator;
import io.flinkpeft.evaluation.Evaluation;
import java.io.IOException;

/** What a model says of a text. */
public sealed interface Prediction
        permits Label, Labels, WordLabels, AnswerSpan, Numbers, Likelihood, GeneratedText, Vector {

    /** What is predicted, as text; null if nothing is, as where a number is not finite. */
    String predicted();

    /** The probability of what is predicted, 0 to 1; 0 if nothing is, NaN if it has none. */
    double score();

    /** Whether the text was longer than the limit, so that the model saw a part of it. */
    boolean truncated();

    /** Whether all its numbers are; if not it says nothing. */
    boolean isFinite();

    /**
     * Writes its fields into a JSON object that has begun; numbers that are not finite are null.
     *
     * @throws IOException if that fails
     */
    void write(JsonGenerator json) throws IOException;

    /**
     * Adds it to the predictions that are measured.
     *
     * @param reference the right answer; null if none is known
     */
    default void measure(Evaluation evaluation, String reference) {
        if (reference != null) {
            evaluation.add(predicted(), reference);
        }
    }

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
