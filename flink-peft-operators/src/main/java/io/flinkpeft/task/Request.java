package io.flinkpeft.task;

import io.flinkpeft.event.ExampleContent;

/**
 * A text to predict.
 *
 * @param <A> what stands for the adapter: its id, or the adapter itself
 * @param adapter predicts the text
 * @param text the text; not null
 * @param textPair the second text of a pair; null if there is none
 * @param target what continues the text, for language models; null if there is none
 */
public record Request<A>(A adapter, String text, String textPair, String target) {

    /** A text, or a pair, without a target. */
    public Request(A adapter, String text, String textPair) {
        this(adapter, text, textPair, null);
    }

    /** The same text to another adapter. */
    public <B> Request<B> to(B other) {
        return new Request<>(other, text, textPair, target);
    }

    /** What it says; a label is none of it. */
    public ExampleContent content() {
        return new ExampleContent(text, textPair, null, target);
    }
}
