package io.flinkpeft.train;

/** What a model says of a text. */
public sealed interface Prediction permits Classification, Embedding, Generation {}
