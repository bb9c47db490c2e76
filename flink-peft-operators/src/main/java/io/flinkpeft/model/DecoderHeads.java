package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelHead.Read;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The heads that decoders have in transformers. */
final class DecoderHeads {

    /** Probabilities of the next token by the output embedding, which belongs to the base. */
    static final ModelHead NEXT_TOKEN =
            new ModelHead(List.of(), List.of(), Set.of(Read.VOCABULARY));

    /** What Llama and its kin call every classifier. */
    static final String SCORE = "score";

    private static final List<String> LAST =
            List.of("pooled_head", Pooling.LAST.kernel(), "weight_scores");

    private DecoderHeads() {}

    /**
     * The heads by what they are for.
     *
     * @param features of a token
     * @param words what the family calls its head for words
     */
    static Map<TaskType, ModelHead> of(int features, String words) {
        return Map.of(
                TaskType.CAUSAL_LM, NEXT_TOKEN,
                TaskType.SEQ_CLS, lastToken(features),
                TaskType.TOKEN_CLS, EncoderHeads.words(words, features),
                TaskType.QUESTION_ANS, EncoderHeads.spans(features));
    }

    private static ModelHead lastToken(int features) {
        HeadTensor weight = HeadTensor.perLabel(SCORE + ".weight", features);
        return new ModelHead(LAST, List.of(weight), Set.of(Read.LAST_TOKEN));
    }
}
