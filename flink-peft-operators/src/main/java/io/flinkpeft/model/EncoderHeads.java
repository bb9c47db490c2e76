package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The heads that checkpoints of encoders have. */
final class EncoderHeads {

    /** Scores of pooled features by one linear layer. */
    static final List<String> POOLED = List.of("model_head", "linear_scores");

    /** What most families call a head for words. */
    static final String CLASSIFIER = "classifier";

    private static final List<String> TOKENS = List.of("linear_scores");

    /** Words at a mask by the masked language model's head, which belongs to the base. */
    private static final ModelHead CLOZE = new ModelHead(List.of(), List.of(), Set.of());

    private EncoderHeads() {}

    /**
     * The heads by what they are for; PEFT has no word for the one at a mask.
     *
     * @param features of a token
     * @param sequence the family's head for the classification of texts
     */
    static Map<TaskType, ModelHead> of(int features, ModelHead sequence) {
        return Map.of(
                TaskType.SEQ_CLS,
                sequence,
                TaskType.TOKEN_CLS,
                words(CLASSIFIER, features),
                TaskType.QUESTION_ANS,
                spans(features),
                TaskType.UNSPECIFIED,
                CLOZE);
    }

    /** Scores of each word by a linear layer on its first token; any model may have it. */
    static ModelHead words(String module, int features) {
        return ModelHead.linear(TOKENS, module, features);
    }

    /** Scores of each token as the first and the last of an answer; any model may have it. */
    static ModelHead spans(int features) {
        return ModelHead.linear(TOKENS, "qa_outputs", features);
    }
}
