package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Optional;

/** The heads that checkpoints of encoders have. */
final class EncoderHeads {

    /** Scores of pooled features by one linear layer. */
    static final List<String> POOLED =
            List.of("model_head", "linear_scores", "classification", "cross_entropy");

    /** What most families call a head for words. */
    static final String CLASSIFIER = "classifier";

    private static final List<String> WORDS =
            List.of("token_classification", "linear_scores", "cross_entropy");
    private static final List<String> SPANS =
            List.of("token_classification", "linear_scores", "span_loss");

    /** Words at a mask by the masked language model's head, which belongs to the base. */
    private static final TaskHead CLOZE = new TaskHead(List.of("cloze"), List.of(), false);

    private EncoderHeads() {}

    /**
     * The head for a task.
     *
     * @param features of a token
     * @param sequence the family's head for the classification of texts
     */
    static Optional<TaskHead> of(TaskType task, int features, TaskHead sequence) {
        return switch (task) {
            case SEQ_CLS -> Optional.of(sequence);
            case TOKEN_CLS -> Optional.of(words(CLASSIFIER, features));
            case QUESTION_ANS -> Optional.of(spans(features));
            case UNSPECIFIED -> Optional.of(CLOZE);
            case CAUSAL_LM, SEQ_2_SEQ_LM, FEATURE_EXTRACTION -> Optional.empty();
        };
    }

    /** Scores of each word by a linear layer on its first token; any model may have it. */
    static TaskHead words(String module, int features) {
        return TaskHead.linear(WORDS, module, features, false);
    }

    /** Scores of each token as the first and the last of an answer; any model may have it. */
    static TaskHead spans(int features) {
        return TaskHead.linear(SPANS, "qa_outputs", features, false);
    }
}
