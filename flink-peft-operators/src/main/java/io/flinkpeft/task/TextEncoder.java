package io.flinkpeft.task;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.ModelHead;
import io.flinkpeft.model.Passage;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.model.UnknownTokenException;
import io.flinkpeft.model.Words;

/**
 * Makes tokens of texts, for one method on one base.
 *
 * @param tokenizer of the base, which reads special tokens in texts as it was told
 * @param vocabulary rows of the base's embedding; a text with a token beyond them cannot be used
 * @param maxTokens the most tokens of a text
 * @param prompted whether the method puts tokens of its own before a text
 * @param padding the number of the base's padding token; -1 if it has none
 * @param segmented whether a question and what it is asked of have segments of their own
 * @param decoderStart what a target starts with in an encoder-decoder; no token in other models
 * @param answersByLastToken whether a text that answers as a whole answers by its last token
 * @param targetEnd what a target ends with in a decoder; no token if it ends as it is written
 */
public record TextEncoder(
        TextTokenizer tokenizer,
        int vocabulary,
        int maxTokens,
        boolean prompted,
        long padding,
        boolean segmented,
        Tokens decoderStart,
        boolean answersByLastToken,
        Tokens targetEnd) {

    /**
     * For texts under a method and a head; what the method puts before a text takes positions of
     * the base.
     */
    public static TextEncoder of(
            BaseModel base, AttachedMethod attachment, ModelHead head, TextSettings texts) {
        int own = attachment.virtualTokens();
        int room = Math.min(texts.maxTokens(), base.maxPositions() - own);
        Tokens start = Tokens.of(base.directory().config().decoderStart().stream().toArray());
        boolean prompted = attachment.promptTokens() > 0;
        return new TextEncoder(
                texts.tokenizer(base),
                base.directory().config().vocabularySize(),
                room,
                prompted,
                base.padding(),
                attachment.config().passesSegments(),
                start,
                head.answersByLastToken(),
                end(base, texts.targetEnd()));
    }

    private static Tokens end(BaseModel base, TargetEnd end) {
        return switch (end) {
            case APPENDED -> Tokens.of(base.endToken().stream().toArray());
            case AS_WRITTEN -> Tokens.of();
        };
    }

    private Tokens known(Tokens tokens) {
        return UnknownTokenException.refuse(tokens, vocabulary);
    }

    /** A text with its special tokens. */
    public Tokens encode(String text, String pair) {
        return encode(text, pair, 0);
    }

    /** The same with room for more tokens after it; of a text that is too long the end is cut. */
    Tokens encode(String text, String pair, int more) {
        int room = Math.max(TextTokenizer.MIN_TOKENS, maxTokens - more);
        return known(tokenizer.encode(text, pair, room));
    }

    /** Whether there is anything to continue. */
    public boolean continues(Tokens tokens) {
        return tokens.length() > 0 || prompted;
    }

    /** The same tokens; for a decoder that would have none at all, its padding's. */
    Tokens withLast(Tokens tokens) {
        return tokens.length() == 0 && !prompted ? Tokens.of(Math.max(0, padding)) : tokens;
    }

    /**
     * The token by which a decoder answers for a text: the last one that is no padding, as in
     * transformers; -1 is the last one of a prompt before it.
     */
    int last(Tokens tokens) {
        int last = tokens.length() - 1;
        while (!prompted && last > 0 && tokens.ids()[last] == padding) {
            last--;
        }
        return last;
    }

    /**
     * What a decoder reads of a text that has no target: the text itself, moved by one place behind
     * the decoder's start; null for models that read a text once.
     */
    Tokens echo(Tokens tokens) {
        return decoderStart.length() == 0 ? null : decoderStart.followedBy(tokens.withoutLast());
    }

    /** A template filled with a text. */
    ClozeText cloze(Cloze cloze, String text, String pair) {
        ClozeText filled = ClozeText.of(cloze, text, pair, tokenizer, maxTokens);
        known(filled.tokens());
        return filled;
    }

    /** A question and what it is asked of, with their special tokens. */
    Passage passage(String question, String context) {
        Passage passage = tokenizer.passage(question, context, maxTokens);
        known(passage.tokens());
        return segmented ? passage : passage.withoutSegments();
    }

    /** A text with its special tokens, and where its words are. */
    Words words(String text) {
        Words words = tokenizer.words(text, maxTokens);
        known(words.tokens());
        return words;
    }

    /** A text that continues another, without special tokens but that of its end. */
    Tokens continuation(String text) {
        int room = Math.max(TextTokenizer.MIN_TOKENS, maxTokens - TextTokenizer.MIN_TOKENS);
        Tokens tokens = known(tokenizer.encodeContinuation(text, room));
        // what was cut does not end there
        return tokens.truncated() || tokens.length() == room || ends(tokens)
                ? tokens
                : tokens.followedBy(targetEnd);
    }

    private boolean ends(Tokens tokens) {
        int last = tokens.length() - 1;
        return last >= 0 && targetEnd.length() > 0 && tokens.ids()[last] == targetEnd.ids()[0];
    }
}
