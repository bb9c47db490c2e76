package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Optional;

/** The heads that decoders have in transformers. */
final class DecoderHeads {

    /** Probabilities of the next token by the output embedding, which belongs to the base. */
    static final TaskHead NEXT_TOKEN = new TaskHead(List.of("causal_lm"), List.of(), false);

    private static final List<String> LAST =
            List.of(
                    "pooled_head",
                    Pooling.LAST.kernel(),
                    "weight_scores",
                    "classification",
                    "cross_entropy");

    private DecoderHeads() {}

    /**
     * The head for a task.
     *
     * @param features of a token
     */
    static Optional<TaskHead> of(TaskType task, int features) {
        return switch (task) {
            case CAUSAL_LM -> Optional.of(NEXT_TOKEN);
            case SEQ_CLS ->
                    Optional.of(
                            new TaskHead(
                                    LAST,
                                    List.of(HeadTensor.perLabel("score.weight", features)),
                                    false));
            case UNSPECIFIED, TOKEN_CLS, QUESTION_ANS, SEQ_2_SEQ_LM, FEATURE_EXTRACTION ->
                    Optional.empty();
        };
    }
}
