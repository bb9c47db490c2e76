package io.flinkpeft.method;

import java.util.List;
import java.util.stream.Stream;

/** What an adapter is for; PEFT wraps a model accordingly. The names are PEFT's. */
public enum TaskType {
    /** Not said; {@code null} in PEFT's files. */
    UNSPECIFIED,
    /** Classification of a text. */
    SEQ_CLS(List.of("classifier", "score"), "classification_head"),
    /** Classification of each token. */
    TOKEN_CLS(List.of("classifier", "score")),
    /** Answers as spans of a text. */
    QUESTION_ANS(List.of("qa_outputs")),
    /** Continuation of a text. */
    CAUSAL_LM,
    /** From a text to another. */
    SEQ_2_SEQ_LM,
    /** The hidden states of the model without a head. */
    FEATURE_EXTRACTION;

    private final List<String> heads;
    private final List<String> others;

    TaskType() {
        this(List.of());
    }

    TaskType(List<String> heads, String... others) {
        this.heads = heads;
        this.others = List.of(others);
    }

    /**
     * Heads that PEFT trains and saves whole, beside the adapter, unasked; by the names they may
     * have.
     */
    public List<String> heads() {
        return heads;
    }

    /** These, and those that PEFT knows only if they are named. */
    public List<String> allHeads() {
        return Stream.concat(heads.stream(), others.stream()).toList();
    }
}
