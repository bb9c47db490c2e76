package io.flinkpeft.train;

/** What a model says of a text. */
public sealed interface Prediction
        permits Classification, Embedding, Generation, Likelihood, SpanAnswer, Tagging {

    /** Whether the text was longer than the limit, so that the model saw a part of it. */
    boolean truncated();
}
