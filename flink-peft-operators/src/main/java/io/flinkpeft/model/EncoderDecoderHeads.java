package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.Optional;

/** The heads that encoder-decoders have in transformers. */
final class EncoderDecoderHeads {

    private EncoderDecoderHeads() {}

    /** The head for a task: the next token of a target is predicted as that of a text. */
    static Optional<TaskHead> of(TaskType task) {
        return task == TaskType.SEQ_2_SEQ_LM
                ? Optional.of(DecoderHeads.NEXT_TOKEN)
                : Optional.empty();
    }
}
