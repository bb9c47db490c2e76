package io.flinkpeft.method.prompt;

import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.TaskType;

/**
 * Which token the model's own head reads when there is a prompt before the text. The head for
 * streams always reads real tokens.
 */
public enum PooledToken {
    /** The first of all, which is a virtual one: what PEFT computes. */
    FIRST_VIRTUAL(""),
    /**
     * The first real one, such as {@code [CLS]}, for which the head was trained. PEFT computes
     * something else, so the files have a {@code peft_type} that it refuses.
     */
    FIRST_REAL("REAL_FIRST_");

    private final String typePrefix;

    PooledToken(String typePrefix) {
        this.typePrefix = typePrefix;
    }

    /** The {@code peft_type} of a method with this. */
    public String peftType(String method) {
        return typePrefix + method;
    }

    /** Whether the base gets segments: PEFT hands none to it for question answering. */
    public boolean passesSegments() {
        return this == FIRST_REAL;
    }

    /** The place of the token in a text with so many virtual ones before it. */
    public int place(AttachedModel model, int virtualTokens) {
        boolean stream = model.task() == TaskType.FEATURE_EXTRACTION;
        return stream || this == FIRST_REAL ? virtualTokens : 0;
    }
}
