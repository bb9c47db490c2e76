package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnTokenizerTest {

    private static final Path GOLDEN = Path.of("target/test-classes/golden/tokenizers.json");
    private static final int VOCABULARY = 306; // of byte pairs, and some without a token

    @TempDir private Path dir;
    private Path model;
    private Path adapter;

    @BeforeEach
    void base() throws IOException {
        model = Files.createDirectory(dir.resolve("model"));
        adapter = Files.createDirectory(dir.resolve("adapter"));
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
        Files.writeString(
                model.resolve("tokenizer_config.json"), "{\"tokenizer_class\": \"GPT2Tokenizer\"}");
        Files.writeString(model.resolve("tokenizer.json"), tokenizer().toString());
    }

    private static ObjectNode tokenizer() throws IOException {
        return (ObjectNode) JsonFiles.read(GOLDEN).at("/bases/byte-bpe");
    }

    private Optional<String> check(String config, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = tokenizer();
        change.accept(json);
        Files.writeString(adapter.resolve("tokenizer.json"), json.toString());
        Files.writeString(adapter.resolve("tokenizer_config.json"), config);
        return OwnTokenizer.check(adapter, model, VOCABULARY);
    }

    private static void add(ObjectNode json, String token, int id) {
        ObjectNode added = (ObjectNode) json.withArray("added_tokens").get(0).deepCopy();
        json.withArray("added_tokens").add(added.put("content", token).put("id", id));
    }

    @Test
    void noneIsLikeTheBases() throws IOException {
        assertThat(OwnTokenizer.check(adapter, model, VOCABULARY)).isEmpty();
    }

    @Test
    void whatOtherVersionsWriteOtherwiseIsNoDifference() throws IOException {
        assertThat(
                        check(
                                "{\"tokenizer_class\": \"GPT2TokenizerFast\", \"pad_token\": \"<pad>\"}",
                                json -> {
                                    json.putObject("padding").put("pad_id", 1);
                                    ArrayNode merges = JsonFiles.JSON.createArrayNode();
                                    for (JsonNode merge : json.at("/model/merges")) {
                                        merges.add(
                                                merge.get(0).asText()
                                                        + " "
                                                        + merge.get(1).asText());
                                    }
                                    ((ObjectNode) json.get("model")).set("merges", merges);
                                }))
                .isEmpty();
    }

    @Test
    void tokensThatTheModelDoesNotHaveAreNamed() throws IOException {
        String config = "{\"tokenizer_class\": \"GPT2Tokenizer\"}";
        Files.writeString(adapter.resolve("tokenizer_config.json"), config);
        ObjectNode json = tokenizer();
        add(json, "<pad-of-a-trainer>", 300);
        Files.writeString(adapter.resolve("tokenizer.json"), json.toString());
        assertThat(OwnTokenizer.check(adapter, model, 300))
                .hasValueSatisfying(
                        note ->
                                assertThat(note)
                                        .contains("does not have, [<pad-of-a-trainer>]: in texts"));
        // a row of the base that its own tokenizer has no use for
        assertThatThrownBy(() -> OwnTokenizer.check(adapter, model, 301))
                .hasMessageContaining("makes other tokens");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"tokenizer_class\": \"GPT2Tokenizer\", \"add_prefix_space\": true}|makes other tokens",
                "{\"tokenizer_class\": \"GPT2Tokenizer\", \"bos_token\": \"<x>\"}|makes other tokens",
                "{\"tokenizer_class\": \"GPT2Tokenizer\", \"split_special_tokens\": true}|makes other"
                        + " tokens",
                "{\"tokenizer_class\": \"GPT2Tokenizer\", \"truncation_side\": \"left\"}|cuts texts on"
                        + " the other side",
                "{\"tokenizer_class\": \"GPT2Tokenizer\", \"model_input_names\":"
                        + " [\"token_type_ids\"]}|has other segments"
            })
    void oneThatDoesOtherThingsIsRefused(String config, String difference) {
        assertThatThrownBy(() -> check(config, json -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "File ("
                                + adapter.resolve("tokenizer.json")
                                + ") "
                                + difference
                                + ", must do what the base model's does. Maybe merge the adapter,"
                                + " which takes the tokenizer along, or remove the file if the"
                                + " adapter was trained with the base model's tokenizer.");
    }
}
