package io.flinkpeft.task;

import io.flinkpeft.model.BaseModel;
import io.flinkpeft.model.TextTokenizer;

/**
 * How texts become tokens.
 *
 * @param maxTokens longer texts are truncated
 * @param targetEnd where the target of a decoder ends
 * @param specialTokens what special tokens that are written in texts mean
 */
public record TextSettings(int maxTokens, TargetEnd targetEnd, SpecialTokens specialTokens) {

    /** Every default. */
    public static TextSettings of(int maxTokens) {
        return new TextSettings(maxTokens, TargetEnd.APPENDED, SpecialTokens.TOKENS);
    }

    /** A base's tokenizer that reads special tokens in texts so. */
    public TextTokenizer tokenizer(BaseModel base) {
        return switch (specialTokens) {
            case TOKENS -> base.tokenizer();
            case PLAIN -> base.tokenizer().forPlainText();
        };
    }

    /** The same with another meaning of special tokens. */
    public TextSettings withSpecialTokens(SpecialTokens specialTokens) {
        return new TextSettings(maxTokens, targetEnd, specialTokens);
    }

    /** The same with another end of targets. */
    public TextSettings withTargetEnd(TargetEnd targetEnd) {
        return new TextSettings(maxTokens, targetEnd, specialTokens);
    }
}
