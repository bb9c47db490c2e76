package io.flinkpeft.method;

import java.util.List;

/** What an adapter is for; PEFT wraps a model accordingly. The names are PEFT's. */
public enum TaskType {
    /** Not said; {@code null} in PEFT's files. */
    UNSPECIFIED,
    /** Classification of a text. */
    SEQ_CLS("classifier", "score"),
    /** Classification of each token. */
    TOKEN_CLS("classifier", "score"),
    /** Answers as spans of a text. */
    QUESTION_ANS("qa_outputs"),
    /** Continuation of a text. */
    CAUSAL_LM,
    /** From a text to another. */
    SEQ_2_SEQ_LM,
    /** The hidden states of the model without a head. */
    FEATURE_EXTRACTION;

    private final List<String> heads;

    TaskType(String... heads) {
        this.heads = List.of(heads);
    }

    /** Heads that are trained and saved whole, beside the adapter, by the names they may have. */
    public List<String> heads() {
        return heads;
    }
}
