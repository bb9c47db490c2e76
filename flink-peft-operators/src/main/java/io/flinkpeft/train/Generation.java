package io.flinkpeft.train;

/**
 * What a language model wrote.
 *
 * @param text without special tokens
 * @param ids the new tokens, the end token among them if it came
 * @param truncated whether the text was longer than the limit
 */
public record Generation(String text, long[] ids, boolean truncated) implements Prediction {

    /** What follows where there is nothing to continue. */
    public static final Generation NOTHING = new Generation("", new long[0], false);

    @Override
    public boolean isFinite() {
        return true; // or it would have ended with an exception
    }
}
