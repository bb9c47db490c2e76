package io.flinkpeft.train;

import io.flinkpeft.method.TaskType;

/** Where the logits of a classification come from. */
public enum HeadKind {
    /**
     * A head for streams: the base's own pooling, normalised features, a linear layer that starts
     * at zero, has its own learning rate and grows with new labels.
     */
    STREAM(TaskType.FEATURE_EXTRACTION),
    /** The checkpoint's own head, with the labels of its {@code id2label}. */
    MODEL(TaskType.SEQ_CLS);

    private final TaskType task;

    HeadKind(TaskType task) {
        this.task = task;
    }

    /** What PEFT calls a model with this head. */
    TaskType task() {
        return task;
    }
}
