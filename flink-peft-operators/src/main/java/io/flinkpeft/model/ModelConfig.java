package io.flinkpeft.model;

import java.util.List;
import java.util.OptionalLong;

/** What {@code config.json} says of any model; each architecture has a record with the rest. */
public interface ModelConfig {

    /** The model family, such as {@code bert}. */
    String modelType();

    /** Width of the residual stream. */
    int hiddenSize();

    /** How many layers; of an encoder-decoder those of one side. */
    int layers();

    /** Attention heads of a layer. */
    int heads();

    /** Rows of the word embedding. */
    int vocabularySize();

    /** The longest text, in tokens. */
    int maxPositions();

    /** The token that a target starts with in an encoder-decoder; empty for other models. */
    default OptionalLong decoderStart() {
        return OptionalLong.empty();
    }

    /** Whether transformers adds the embedding of the token of a segment's number to a token. */
    default boolean embedsSegmentsAsTokens() {
        return false;
    }

    /** The classes it was saved from, such as {@code BertModel}; may be empty. */
    List<String> architectures();

    /** The classes of a classification head, by id. */
    List<String> labels();
}
