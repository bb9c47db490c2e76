package io.flinkpeft.model;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.model.ModelHead.Read;
import java.util.List;
import java.util.Map;

/**
 * The heads that encoder-decoders have in transformers. Without a target the decoder reads the text
 * itself, moved by one place.
 */
final class EncoderDecoderHeads {

    private static final String MODULE = "classification_head";

    /** Two layers on the decoder's hidden state of the last token. */
    private static final List<String> LAST =
            List.of("pooled_head", Pooling.LAST.kernel(), "dense_scores");

    private EncoderDecoderHeads() {}

    /**
     * The heads by what they are for: the next token of a target is predicted as that of a text.
     *
     * @param features of a token
     */
    static Map<TaskType, ModelHead> of(int features) {
        return Map.of(
                TaskType.SEQ_2_SEQ_LM, DecoderHeads.NEXT_TOKEN,
                TaskType.SEQ_CLS, ModelHead.dense(LAST, MODULE, features, Read.LAST_TOKEN),
                TaskType.QUESTION_ANS, EncoderHeads.spans(features));
    }
}
