package io.flinkpeft.model;

import java.util.List;

/**
 * A question and the text that the answer is a part of, as tokens.
 *
 * @param tokens of both, special ones included
 * @param context the text
 * @param first the place of the text's first token
 * @param spans what the text's tokens cover; those that were cut off are missing
 */
public record Passage(Tokens tokens, String context, int first, List<Span> spans) {

    public Passage {
        spans = List.copyOf(spans);
    }

    /**
     * A part of the text.
     *
     * @param start the first character, counted in Unicode code points from 0
     * @param end the one behind the last
     */
    public record Span(int start, int end) {

        private boolean meets(Span other) {
            return start < other.end && end > other.start;
        }
    }

    /** The same with question and text in one segment. */
    public Passage withoutSegments() {
        long[] none = new long[tokens.length()];
        return new Passage(
                new Tokens(tokens.ids(), none, tokens.truncated()), context, first, spans);
    }

    /** What the text has there, without white space around it. */
    public Span trimmed(Span span) {
        int[] points = context.codePoints().toArray();
        int start = span.start;
        int end = span.end;
        while (start < end && Character.isWhitespace(points[start])) {
            start++;
        }
        while (end > start && Character.isWhitespace(points[end - 1])) {
            end--;
        }
        return new Span(start, end);
    }

    /** The characters of a part. */
    public String text(Span span) {
        int start = context.offsetByCodePoints(0, span.start);
        return context.substring(start, context.offsetByCodePoints(start, span.end - span.start));
    }

    /** The first of the text's tokens that have a share in a part, from 0; -1 if none has. */
    public int firstIn(Span span) {
        for (int i = 0; i < spans.size(); i++) {
            if (spans.get(i).meets(span)) {
                return i;
            }
        }
        return -1;
    }

    /** The last of the text's tokens that have a share in a part, from 0; -1 if none has. */
    public int lastIn(Span span) {
        for (int i = spans.size() - 1; i >= 0; i--) {
            if (spans.get(i).meets(span)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether all of a part is among the tokens. */
    public boolean covers(Span span) {
        if (spans.isEmpty() || spans.get(spans.size() - 1).end < span.end) {
            return false;
        }
        return !tokens.truncated() || spans.get(0).start <= span.start;
    }
}
