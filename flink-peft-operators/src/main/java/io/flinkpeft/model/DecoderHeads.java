package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Optional;

/** The heads that decoders have in transformers. */
final class DecoderHeads {

    /** Probabilities of the next token by the output embedding, which belongs to the base. */
    static final TaskHead NEXT_TOKEN = new TaskHead(List.of("causal_lm"), List.of(), false);

    /** What Llama and its kin call every classifier. */
    static final String SCORE = "score";

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
     * @param words what the family calls its head for words
     */
    static Optional<TaskHead> of(TaskType task, int features, String words) {
        return switch (task) {
            case CAUSAL_LM -> Optional.of(NEXT_TOKEN);
            case SEQ_CLS -> Optional.of(lastToken(features));
            case TOKEN_CLS -> Optional.of(EncoderHeads.words(words, features));
            case QUESTION_ANS -> Optional.of(EncoderHeads.spans(features));
            case UNSPECIFIED, SEQ_2_SEQ_LM, FEATURE_EXTRACTION -> Optional.empty();
        };
    }

    private static TaskHead lastToken(int features) {
        HeadTensor weight = HeadTensor.perLabel(SCORE + ".weight", features);
        return new TaskHead(LAST, List.of(weight), false);
    }
}
