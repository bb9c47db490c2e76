package io.flinkpeft.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A text as tokens, and where its words are; words are what stands between white space.
 *
 * @param tokens of the text, special ones included
 * @param skipped how many words were cut off at the start
 * @param firsts for each word behind those the place of its first token; words that were cut off at
 *     the end are missing
 */
public record Words(Tokens tokens, int skipped, int[] firsts) {

    private static final String SPACE = "\\p{javaWhitespace}+";

    /** The words of a text. */
    public static List<String> split(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(SPACE));
    }

    /**
     * Finds the words of a text among its tokens. A word without a token of its own has the one
     * behind it; space before a word may be in the word's token, or in one that counts as its
     * first.
     *
     * @param spans for each token what it covers in code points; null if it is around the text
     * @param kept which of the tokens stay
     */
    static Words of(String text, List<Passage.Span> spans, Truncation kept, Tokens tokens) {
        int[] starts = firsts(text.codePoints().toArray(), spans);
        List<Integer> firsts = new ArrayList<>();
        int skipped = 0;
        for (int start : starts) {
            int place = Arrays.binarySearch(kept.kept(), start);
            if (place >= 0) {
                firsts.add(place);
            } else if (firsts.isEmpty()) {
                skipped++;
            }
        }
        return new Words(
                tokens,
                firsts.isEmpty() ? 0 : skipped,
                firsts.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int[] firsts(int[] points, List<Passage.Span> spans) {
        int[] before = wordsBefore(points);
        int words = before[points.length];
        List<Integer> firsts = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            if (spans.get(i) != null) {
                int word = before[start(points, spans.get(i))];
                while (word >= firsts.size() && firsts.size() < words) {
                    firsts.add(i);
                }
            }
        }
        return firsts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Some tokenizers have the space before a word in its token. */
    private static int start(int[] points, Passage.Span span) {
        int start = span.start();
        while (start < span.end() - 1 && Character.isWhitespace(points[start])) {
            start++;
        }
        return start;
    }

    /** How many words end before each character; the last number is that of all words. */
    private static int[] wordsBefore(int[] points) {
        int[] before = new int[points.length + 1];
        for (int i = 1; i <= points.length; i++) {
            boolean inside = !Character.isWhitespace(points[i - 1]);
            boolean ends = i == points.length || Character.isWhitespace(points[i]);
            before[i] = before[i - 1] + (inside && ends ? 1 : 0);
        }
        return before;
    }
}
