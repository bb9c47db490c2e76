package io.flinkpeft.model;

import java.util.Arrays;
import java.util.stream.LongStream;

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

    /** Tokens of the first segment. */
    public static Tokens of(long... ids) {
        return new Tokens(ids, new long[ids.length], false);
    }

    /** All tokens but the last one. */
    public Tokens withoutLast() {
        int kept = Math.max(0, length() - 1);
        return new Tokens(Arrays.copyOf(ids, kept), Arrays.copyOf(typeIds, kept), truncated);
    }

    /** These tokens and then others. */
    public Tokens followedBy(Tokens next) {
        return new Tokens(
                joined(ids, next.ids), joined(typeIds, next.typeIds), truncated || next.truncated);
    }

    private static long[] joined(long[] first, long[] second) {
        return LongStream.concat(LongStream.of(first), LongStream.of(second)).toArray();
    }
}
