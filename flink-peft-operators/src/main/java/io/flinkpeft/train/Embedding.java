package io.flinkpeft.train;

/**
 * A text as a vector.
 *
 * @param values of length 1, one a feature of the base model
 */
public record Embedding(float[] values) implements Prediction {}
