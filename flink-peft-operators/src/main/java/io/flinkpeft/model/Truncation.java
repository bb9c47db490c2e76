package io.flinkpeft.model;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which tokens of a text, or of a pair, stay when it is too long: as the tokenizers library
 * truncates, the longer text first. Special tokens around the texts always stay.
 *
 * @param kept the places of the tokens that stay, in order
 * @param whole whether all of them do
 */
record Truncation(int[] kept, boolean whole) {

    /** Where a text that is too long is cut. */
    enum Side {
        RIGHT,
        LEFT
    }

    /**
     * Cuts.
     *
     * @param sequences for each token the text it is of: 0 or 1, less if it is of none
     * @param maxTokens the most tokens
     */
    static Truncation of(long[] sequences, int maxTokens, Side side) {
        if (sequences.length <= maxTokens) {
            return new Truncation(IntStream.range(0, sequences.length).toArray(), true);
        }
        int first = count(sequences, 0);
        int second = count(sequences, 1);
        int room = Math.max(0, maxTokens - (sequences.length - first - second));
        int[] keep = second == 0 ? new int[] {room, 0} : shares(first, second, room);
        int[] dropped =
                side == Side.LEFT ? new int[] {first - keep[0], second - keep[1]} : new int[2];
        int[] seen = new int[2];
        int[] kept =
                IntStream.range(0, sequences.length)
                        .filter(i -> stays(sequences[i], seen, dropped, keep))
                        .toArray();
        return new Truncation(kept, false);
    }

    private static boolean stays(long sequence, int[] seen, int[] dropped, int[] keep) {
        if (sequence < 0) {
            return true;
        }
        int of = (int) sequence;
        int place = seen[of]++ - dropped[of];
        return place >= 0 && place < keep[of];
    }

    private static int count(long[] sequences, int sequence) {
        return (int) Arrays.stream(sequences).filter(s -> s == sequence).count();
    }

    /** The longer one loses tokens until both are equal, then both; the longer keeps an odd one. */
    private static int[] shares(int first, int second, int room) {
        int shorter = Math.min(first, second);
        int longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
        if (shorter + longer > room) {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return first > second ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }

    /** The values at the places that stay. */
    long[] of(long[] values) {
        return whole ? values : Arrays.stream(kept).mapToLong(i -> values[i]).toArray();
    }
}
