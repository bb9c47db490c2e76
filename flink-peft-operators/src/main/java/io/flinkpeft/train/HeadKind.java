package io.flinkpeft.train;

import io.flinkpeft.event.Example;
import io.flinkpeft.model.Pooling;
import java.util.List;

/** Where the answers of a model come from. */
public enum HeadKind {
    /**
     * A head for streams: the base's own pooling, normalised features, a linear layer that starts
     * at zero, has its own learning rate and grows with new labels.
     */
    STREAM,
    /** The checkpoint's own head, with the labels of its {@code id2label}. */
    MODEL,
    /** The checkpoint's own probabilities of the next token; nothing of it is trained. */
    CAUSAL_LM;

    /** Whether an adapter learns from an example. */
    public boolean learnsFrom(Example example) {
        return switch (this) {
            case STREAM, MODEL -> example.label() != null;
            case CAUSAL_LM -> true;
        };
    }

    /** What is asked about a text. */
    Task task() {
        return switch (this) {
            case STREAM, MODEL -> new ClassificationTask();
            case CAUSAL_LM -> new CausalLmTask();
        };
    }

    /** The program texts of the task and its head. */
    List<String> kernels(Pooling pooling) {
        String pooled = pooling == Pooling.CLS ? "cls_pooling" : "mean_pooling";
        return switch (this) {
            case STREAM -> List.of("stream_head", pooled, "classification");
            case MODEL -> List.of("model_head", "classification");
            case CAUSAL_LM -> List.of("causal_lm");
        };
    }
}
