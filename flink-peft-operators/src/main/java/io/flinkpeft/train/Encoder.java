package io.flinkpeft.train;

import io.flinkpeft.method.Attachment;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.model.Words;

/**
 * Makes tokens of texts, for one method on one base.
 *
 * @param tokenizer of the base
 * @param maxTokens the most tokens of a text
 * @param prompted whether the method puts tokens of its own before a text
 * @param decoderStart what a target starts with in an encoder-decoder; no token in other models
 */
record Encoder(TextTokenizer tokenizer, int maxTokens, boolean prompted, Tokens decoderStart) {

    /** What the method puts before a text takes positions of the base. */
    static Encoder of(BaseModel base, Attachment attachment, int maxTokens) {
        int own = attachment.virtualTokens();
        int room = Math.min(maxTokens, base.maxPositions() - own);
        Tokens start = Tokens.of(base.directory().config().decoderStart().stream().toArray());
        return new Encoder(base.tokenizer(), room, attachment.promptTokens() > 0, start);
    }

    /** A text with its special tokens. */
    Tokens encode(String text, String pair) {
        return encode(text, pair, 0);
    }

    /** The same with room for more tokens after it; of a text that is too long the end is cut. */
    Tokens encode(String text, String pair, int more) {
        int room = Math.max(TextTokenizer.MIN_TOKENS, maxTokens - more);
        return tokenizer.encode(text, pair, room);
    }

    /**
     * A text to continue.
     *
     * @throws IllegalArgumentException if there is no token to continue
     */
    Tokens prompt(String text, String pair) {
        Tokens tokens = encode(text, pair);
        if (tokens.length() == 0 && !prompted) {
            throw new IllegalArgumentException(
                    "Text (" + text + ") has no token, must have one to be continued.");
        }
        return tokens;
    }

    /** A text with its special tokens, and where its words are. */
    Words words(String text) {
        return tokenizer.words(text, maxTokens);
    }

    /** A text that continues another, without special tokens. */
    Tokens continuation(String text) {
        int room = Math.max(TextTokenizer.MIN_TOKENS, maxTokens - TextTokenizer.MIN_TOKENS);
        return tokenizer.encodeContinuation(text, room);
    }
}
