package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers that hand {@code token_type_ids} to models that have no embedding of them. */
class HandedSegmentsTest {

    @TempDir private Path dir;

    private ModelDirectory model(String architecture, String setting, String json)
            throws IOException {
        ChangedModel.write(TinyModels.parse("{\"model\": \"" + architecture + "\"}"), dir);
        Path file = dir.resolve("tokenizer_config.json");
        var config = (ObjectNode) TinyModels.json(file);
        config.set(setting, TinyModels.parse(json));
        Files.writeString(file, config.toString());
        return ModelDirectory.open(dir);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt2-cls", "gpt2-token", "gpt2-qa"})
    void aGpt2WouldAddTheEmbeddingOfAToken(String architecture) throws IOException {
        var model = model(architecture, "model_input_names", "[\"input_ids\", \"token_type_ids\"]");

        assertThatThrownBy(model::openTokenizer)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Model "
                                + dir
                                + ": model_input_names of its tokenizer (with token_type_ids) must"
                                + " be without it, as gpt2 adds");
    }

    @Test
    void aGpt2WithoutThemIsTaken() throws IOException {
        var names = "[\"input_ids\", \"attention_mask\"]";
        try (var tokenizer = model("gpt2", "model_input_names", names).openTokenizer()) {
            assertThat(tokenizer.handsSegments()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen2-cls", "qwen3", "bart", "t5", "bert"})
    void otherModelsIgnoreThemOrHaveAnEmbedding(String architecture) throws IOException {
        var names = "[\"input_ids\", \"token_type_ids\", \"attention_mask\"]";
        try (var tokenizer = model(architecture, "model_input_names", names).openTokenizer()) {
            assertThat(tokenizer.handsSegments()).isTrue();
        }
    }
}
