package io.flinkpeft.model;

import java.util.Arrays;
import java.util.List;

/**
 * A text as tokens, and where its words are; words are what stands between white space.
 *
 * @param tokens of the text, special ones included
 * @param skipped how many words were cut off at the start
 * @param firsts for each word behind those the place of its first token, or {@link #NO_TOKEN};
 *     words that were cut off at the end are missing
 */
public record Words(Tokens tokens, int skipped, int[] firsts) {

    /**
     * The place of a word of which the tokenizer leaves nothing, such as a zero-width space alone.
     */
    public static final int NO_TOKEN = -1;

    private static final int CUT_OFF = -2;
    private static final String SPACE = "\\p{javaWhitespace}+";

    /** The words of a text. */
    public static List<String> split(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(SPACE));
    }

    /**
     * Finds the words of a text among its tokens. A word's first token is the first that covers
     * some of it; space before a word may be in the word's token, or in one that counts as its
     * first.
     *
     * @param spans for each token what it covers in code points; null if it is around the text
     * @param kept which of the tokens stay
     */
    static Words of(String text, List<Passage.Span> spans, Truncation kept, Tokens tokens) {
        int[] firsts = firsts(text.codePoints().toArray(), spans);
        int[] places = new int[firsts.length];
        int from = 0; // behind the words that were cut off before the first that stays
        boolean stays = false;
        for (int word = 0; word < places.length; word++) {
            int place = Arrays.binarySearch(kept.kept(), firsts[word]);
            int known = place >= 0 ? place : CUT_OFF;
            places[word] = firsts[word] == NO_TOKEN ? NO_TOKEN : known;
            stays |= place >= 0;
            from = !stays && places[word] == CUT_OFF ? word + 1 : from;
        }
        from = stays ? from : 0;
        int to = from;
        while (to < places.length && places[to] != CUT_OFF) {
            to++;
        }
        return new Words(tokens, from, Arrays.copyOfRange(places, from, to));
    }

    private static int[] firsts(int[] points, List<Passage.Span> spans) {
        int[] before = wordsBefore(points);
        int[] firsts = new int[before[points.length]];
        Arrays.fill(firsts, NO_TOKEN);
        for (int i = 0; i < spans.size(); i++) {
            if (spans.get(i) != null) {
                int start = start(points, spans.get(i));
                setIfNone(firsts, before[start], i);
                for (int c = start + 1; c < spans.get(i).end(); c++) {
                    if (!Character.isWhitespace(points[c])) {
                        setIfNone(firsts, before[c], i);
                    }
                }
            }
        }
        return firsts;
    }

    private static void setIfNone(int[] firsts, int word, int token) {
        if (word < firsts.length && firsts[word] == NO_TOKEN) {
            firsts[word] = token;
        }
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
