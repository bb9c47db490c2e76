package io.flinkpeft.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What {@code config.json} says of a RoBERTa or XLM-RoBERTa model.
 *
 * @param modelType {@code roberta} or {@code xlm-roberta}
 * @param encoder what it shares with BERT; its {@code maxPositions} are the rows of the position
 *     embedding, its {@code padTokenId} is 1 by default
 */
public record RobertaConfig(String modelType, BertConfig encoder) implements ModelConfig {

    static final String ROBERTA = "roberta";
    static final String XLM_ROBERTA = "xlm-roberta";

    public RobertaConfig {
        if (firstPosition(encoder) >= encoder.maxPositions()) {
            throw new IllegalArgumentException(
                    "max_position_embeddings ("
                            + encoder.maxPositions()
                            + ") must be more than pad_token_id ("
                            + encoder.padTokenId()
                            + ") + 1: positions start there.");
        }
    }

    /**
     * Reads a parsed {@code config.json}.
     *
     * @throws IllegalArgumentException if it has a feature that changes what the model computes and
     *     is not supported
     */
    static RobertaConfig of(JsonNode json) {
        return new RobertaConfig(json.path("model_type").asText(), BertConfig.of(json, 1));
    }

    private static int firstPosition(BertConfig encoder) {
        return encoder.padTokenId() + 1;
    }

    /** The position of a text's first token; those before it belong to padding. */
    int firstPosition() {
        return firstPosition(encoder);
    }

    @Override
    public int hiddenSize() {
        return encoder.hiddenSize();
    }

    @Override
    public int layers() {
        return encoder.layers();
    }

    @Override
    public int heads() {
        return encoder.heads();
    }

    @Override
    public int vocabularySize() {
        return encoder.vocabularySize();
    }

    @Override
    public int maxPositions() {
        return encoder.maxPositions() - firstPosition();
    }

    @Override
    public List<String> architectures() {
        return encoder.architectures();
    }

    @Override
    public List<String> labels() {
        return encoder.labels();
    }
}
