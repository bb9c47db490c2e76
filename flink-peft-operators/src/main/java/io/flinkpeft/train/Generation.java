package io.flinkpeft.train;

/**
 * What a language model wrote.
 *
 * @param text without special tokens
 * @param ids the new tokens, the end token among them if it came
 * @param truncated whether the text was longer than the limit
 */
public record Generation(String text, long[] ids, boolean truncated) implements Prediction {

    @Override
    public boolean isFinite() {
        return true; // or it would have ended with an exception
    }
}
