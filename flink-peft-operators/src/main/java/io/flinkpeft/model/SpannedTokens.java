package io.flinkpeft.model;

import java.util.List;

/**
 * All tokens of a text and what each covers.
 *
 * @param tokens of the text, special ones included
 * @param spans one a token, in Unicode code points; {@link #NOTHING} of those that the tokenizer
 *     puts around a text
 */
public record SpannedTokens(Tokens tokens, List<Passage.Span> spans) {

    /** Covers nothing. */
    public static final Passage.Span NOTHING = new Passage.Span(-1, -1);

    public SpannedTokens {
        spans = List.copyOf(spans);
    }
}
