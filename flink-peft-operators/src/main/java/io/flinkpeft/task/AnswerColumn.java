package io.flinkpeft.task;

import java.util.function.Function;

/**
 * A column that predictions have in SQL.
 *
 * @param name of the column
 * @param type of its values
 * @param value of a prediction, of the type's Java class; null if there is none
 */
public record AnswerColumn(String name, Type type, Function<Prediction, Object> value) {

    /** The type of a column. */
    public enum Type {
        /** {@code STRING}, a {@link String}. */
        STRING,
        /** {@code DOUBLE}, a {@link Double}. */
        DOUBLE,
        /** {@code INT}, an {@link Integer}. */
        INT,
        /** {@code ARRAY<STRING>}, a list of {@link String}. */
        STRINGS,
        /** {@code ARRAY<DOUBLE>}, a {@code double[]}. */
        DOUBLES,
        /** {@code ARRAY<FLOAT>}, a {@code float[]}. */
        FLOATS,
        /** {@code MAP<STRING, DOUBLE>}, a map of {@link String} to {@link Double}. */
        SCORES
    }

    /**
     * A column of one form of prediction.
     *
     * @param form of the predictions
     */
    static <P extends Prediction> AnswerColumn of(
            String name, Type type, Class<P> form, Function<P, Object> value) {
        return new AnswerColumn(name, type, prediction -> value.apply(form.cast(prediction)));
    }
}
