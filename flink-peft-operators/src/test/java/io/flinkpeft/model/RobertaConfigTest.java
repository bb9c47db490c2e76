package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.testing.TinyModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RobertaConfigTest {

    @Test
    void positionsStartBehindThePaddings() {
        var config = (RobertaConfig) TinyModels.gridModel("roberta").config();
        assertThat(config.modelType()).isEqualTo("roberta");
        assertThat(config.firstPosition()).isEqualTo(2);
        assertThat(config.maxPositions()).isEqualTo(64);
        assertThat(config.encoder().segments()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "xlm-roberta"})
    void paddingIsTokenOneUnlessTheFileSaysOtherwise(String type) {
        ObjectNode json = json(66).put("model_type", type);
        assertThat(RobertaConfig.of(json).firstPosition()).isEqualTo(2);
        assertThat(RobertaConfig.of(json.put("pad_token_id", 5)).firstPosition()).isEqualTo(6);
        assertThat(Architectures.of(json).config().modelType()).isEqualTo(type);
    }

    @Test
    void aTextMustHaveAPosition() {
        assertThatThrownBy(() -> RobertaConfig.of(json(2)))
                .hasMessage(
                        "max_position_embeddings (2) must be more than pad_token_id (1) + 1:"
                                + " positions start there.");
    }

    private static ObjectNode json(int positions) {
        return JsonFiles.JSON
                .createObjectNode()
                .put("hidden_size", 16)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 4)
                .put("intermediate_size", 32)
                .put("vocab_size", 100)
                .put("max_position_embeddings", positions);
    }
}
