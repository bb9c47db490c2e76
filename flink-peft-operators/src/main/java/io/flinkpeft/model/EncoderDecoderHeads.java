package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Optional;

/**
 * The heads that encoder-decoders have in transformers. Without a target the decoder reads the text
 * itself, moved by one place.
 */
final class EncoderDecoderHeads {

    private static final String MODULE = "classification_head";

    /** Two layers on the decoder's hidden state of the last token. */
    private static final List<String> LAST =
            List.of(
                    "pooled_head",
                    Pooling.LAST.kernel(),
                    "dense_scores",
                    "classification",
                    "cross_entropy");

    private EncoderDecoderHeads() {}

    /**
     * The head for a task: the next token of a target is predicted as that of a text.
     *
     * @param features of a token
     */
    static Optional<TaskHead> of(TaskType task, int features) {
        return switch (task) {
            case SEQ_2_SEQ_LM -> Optional.of(DecoderHeads.NEXT_TOKEN);
            case SEQ_CLS -> Optional.of(TaskHead.dense(LAST, MODULE, features));
            case QUESTION_ANS -> Optional.of(EncoderHeads.spans(features));
            case UNSPECIFIED, TOKEN_CLS, CAUSAL_LM, FEATURE_EXTRACTION -> Optional.empty();
        };
    }
}
