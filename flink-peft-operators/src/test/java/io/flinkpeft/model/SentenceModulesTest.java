package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceModulesTest {

    private static final String PROMPTS =
            "{\"prompts\": {\"query\": \"query: \"}, \"default_prompt_name\": \"query\"}";

    @TempDir private Path dir;

    @BeforeEach
    void write() throws IOException {
        Path tokenizers = Path.of("target/test-classes/golden/tokenizers.json");
        write("tokenizer.json", JsonFiles.read(tokenizers).at("/bases/wordpiece").toString());
        write("config.json", "{\"model_type\": \"bert\"}");
        modules("Transformer", "Pooling", "Normalize");
    }

    private void write(String file, String content) throws IOException {
        Path path = dir.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private void modules(String... types) throws IOException {
        var modules = JsonFiles.JSON.createArrayNode();
        for (String type : types) {
            modules.addObject()
                    .put("type", "sentence_transformers.models." + type)
                    .put("path", "1_" + type);
        }
        write("modules.json", modules.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dense", "LSTM", "LayerNorm", "WeightedLayerPooling", "CNN", "Dropout"})
    void aModuleThatIsNotKnownIsRefused(String type) throws IOException {
        modules("Transformer", "Pooling", type, "Normalize");
        assertThat(SentenceModules.read(dir).refusal())
                .contains(
                        "module (sentence_transformers.models."
                                + type
                                + ") must be one of Transformer, Pooling, Normalize");
    }

    @Test
    void theDefaultPromptStandsBeforeTexts() throws IOException {
        assertThat(SentenceModules.read(dir).prompt()).isEmpty();
        write("config_sentence_transformers.json", PROMPTS);
        assertThat(SentenceModules.read(dir)).extracting("prompt").isEqualTo("query: ");
        write("1_Pooling/config.json", "{\"include_prompt\": false}");
        assertThat(SentenceModules.read(dir).refusal())
                .contains("include_prompt (false) must be true beside a prompt (query: )");
    }

    @Test
    void lowerCasingIsTheTokenizers() throws IOException {
        write("sentence_bert_config.json", "{\"do_lower_case\": true}");
        assertThat(SentenceModules.read(dir).refusal()).isEmpty();
        write("tokenizer_config.json", "{\"do_lower_case\": false}");
        assertThat(SentenceModules.read(dir).refusal())
                .contains(
                        "do_lower_case (true) must be false, as the tokenizer does not lower-case");
    }

    @Test
    void aDirectoryWithoutModulesGivesVectors() throws IOException {
        Files.delete(dir.resolve("modules.json"));
        assertThat(SentenceModules.read(dir).refusal()).isEmpty();
    }

    @Test
    void aModelSaysWhyItGivesNone() throws IOException {
        Path model = Files.createDirectory(dir.resolve("model"));
        ModelDirectories.copyOfTinyBert(model);
        assertThat(ModelDirectory.open(model).embeddingPrompt()).isEmpty();
        Files.writeString(
                model.resolve("modules.json"),
                "[{\"type\": \"sentence_transformers.models.Dense\", \"path\": \"2_Dense\"}]");
        ModelDirectory opened = ModelDirectory.open(model);
        assertThatThrownBy(opened::embeddingPrompt)
                .hasMessage(
                        "Model "
                                + model
                                + " gives no vectors: module (sentence_transformers.models.Dense)"
                                + " must be one of Transformer, Pooling, Normalize.");
    }
}
