package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Optional;

/** The heads that decoders have in transformers. */
final class DecoderHeads {

    /** Probabilities of the next token by the output embedding, which belongs to the base. */
    static final TaskHead NEXT_TOKEN = new TaskHead(List.of("causal_lm"), List.of(), false);

    private DecoderHeads() {}

    /** The head for a task. */
    static Optional<TaskHead> of(TaskType task) {
        return switch (task) {
            case CAUSAL_LM -> Optional.of(NEXT_TOKEN);
            case UNSPECIFIED, SEQ_CLS, TOKEN_CLS, QUESTION_ANS, SEQ_2_SEQ_LM, FEATURE_EXTRACTION ->
                    Optional.empty();
        };
    }
}
