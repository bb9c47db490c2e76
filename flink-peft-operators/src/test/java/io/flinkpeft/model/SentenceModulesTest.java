package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @ValueSource(strings = {"LSTM", "LayerNorm", "WeightedLayerPooling", "CNN", "Dropout"})
    void aModuleThatIsNotKnownIsRefused(String type) throws IOException {
        modules("Transformer", "Pooling", type, "Normalize");
        assertThat(SentenceModules.read(dir).refusal())
                .contains(
                        "module (sentence_transformers.models."
                                + type
                                + ") must be one of Transformer, Pooling, Normalize, Dense");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"activation_function\": \"torch.nn.modules.activation.GELU\", \"in_features\": 1, \"out_features\": 1}|activation_function (torch.nn.modules.activation.GELU) must be",
                "{\"use_residual\": true}|use_residual (true) must be false",
                "{\"module_input_name\": \"token_embeddings\"}|module_input_name"
                        + " (token_embeddings) must be sentence_embedding"
            })
    void aDenseThatDoesMoreIsRefused(String config, String reason) throws IOException {
        modules("Transformer", "Pooling", "Dense");
        write("1_Dense/config.json", config);
        byte[] tensors =
                SafetensorsWriter.toBytes(
                        List.of(
                                TensorView.of("linear.weight", new float[] {1}, 1, 1),
                                TensorView.of("linear.bias", new float[] {1}, 1)),
                        Map.of());
        Files.write(dir.resolve("1_Dense/model.safetensors"), tensors);
        write("1_Pooling/config.json", "{\"pooling_mode\": \"mean\"}");
        assertThat(SentenceModules.read(dir).refusal().orElseThrow())
                .startsWith("module (sentence_transformers.models.Dense): " + reason);
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
                "[{\"type\": \"sentence_transformers.models.LSTM\", \"path\": \"2_LSTM\"}]");
        ModelDirectory opened = ModelDirectory.open(model);
        assertThatThrownBy(opened::embeddingPrompt)
                .hasMessage(
                        "Model "
                                + model
                                + " gives no vectors: module (sentence_transformers.models.LSTM)"
                                + " must be one of Transformer, Pooling, Normalize, Dense.");
    }
}
