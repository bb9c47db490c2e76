package io.flinkpeft.train;

/** Where the logits of a classification come from. */
public enum HeadKind {
    /**
     * A head for streams: the base's own pooling, normalised features, a linear layer that starts
     * at zero, has its own learning rate and grows with new labels.
     */
    STREAM,
    /** The checkpoint's own head, with the labels of its {@code id2label}. */
    MODEL
}
