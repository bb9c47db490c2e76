package io.flinkpeft.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A text, or a pair of texts, as a model sees it.
 *
 * @param ids a number a token, special tokens included, no padding; {@link #VIRTUAL} where a token
 *     of a prompt stands inside the text, and then all of its tokens do
 * @param typeIds the segment of each token: 0, or 1 in the second text
 * @param truncated whether the text was longer than the limit
 */
public record Tokens(long[] ids, long[] typeIds, boolean truncated) {

    /** Stands for a token of a prompt inside a text. */
    public static final long VIRTUAL = -1;

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

    /** The places of a prompt's tokens, if they have places inside. */
    int[] virtual() {
        return IntStream.range(0, ids.length).filter(i -> ids[i] == VIRTUAL).toArray();
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
