package io.flinkpeft.model;

/**
 * A text, or a pair of texts, as a model sees it.
 *
 * @param ids a number a token, special tokens included, no padding
 * @param typeIds the segment of each token: 0, or 1 in the second text
 * @param truncated whether the text was longer than the limit
 */
public record Tokens(long[] ids, long[] typeIds, boolean truncated) {

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }
}
