package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against AutoTokenizer of transformers: see {@code golden/generate_tokenizers.py}. */
class TokenizerFilesTest {

    private static final Path GOLDEN = Path.of("target/test-classes/golden/tokenizers.json");

    @TempDir private Path dir;

    private static Stream<Integer> cases() throws IOException {
        int cases = JsonFiles.read(GOLDEN).get("cases").size();
        return Stream.iterate(0, i -> i + 1).limit(cases);
    }

    private void write(JsonNode golden, JsonNode theCase) throws IOException {
        JsonNode base = golden.get("bases").get(theCase.get("base").asText());
        write("tokenizer.json", base.toString());
        for (var file : theCase.get("files").properties()) {
            write(file.getKey(), file.getValue().toString());
        }
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(dir.resolve(file), content);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void textsHaveTheTokensOfAutoTokenizer(int number) throws IOException {
        JsonNode golden = JsonFiles.read(GOLDEN);
        JsonNode theCase = golden.get("cases").get(number);
        write(golden, theCase);
        try (var tokenizer = TextTokenizer.open(dir.resolve("tokenizer.json"))) {
            for (int i = 0; i < golden.get("texts").size(); i++) {
                JsonNode text = golden.get("texts").get(i);
                Tokens tokens =
                        tokenizer.encode(
                                text.get(0).asText(), text.get(1).textValue(), text.get(2).asInt());
                JsonNode expected = theCase.get("encodings").get(i);
                assertThat(tokens.ids())
                        .as("%s %s: %s", theCase.get("base"), theCase.get("files"), text)
                        .isEqualTo(longs(expected.get(0)));
                assertThat(Arrays.stream(tokens.typeIds()).sum())
                        .as("segments of %s: %s", theCase, text)
                        .isEqualTo(expected.get(1).asLong());
            }
            assertThat(tokenizer.maxTokens())
                    .isEqualTo(theCase.get("limit").asInt(Integer.MAX_VALUE));
        }
    }

    private static long[] longs(JsonNode array) {
        LongStream values =
                StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong);
        return values.toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tokenizer_class\": \"GemmaTokenizer\"}|tokenizer_class (GemmaTokenizer) must be"
                        + " one of [BartTokenizer, ",
                "{\"truncation_side\": \"middle\"}|truncation_side (middle) must be right or left.",
                "{\"fix_mistral_regex\": true}|fix_mistral_regex (true) must be absent.",
                "{\"cls_token\": null}|cls_token (null) must be a token.",
                "{\"tokenizer_class\": \"RobertaTokenizer\"}|model (WordPiece) must be BPE for"
                        + " tokenizer_class RobertaTokenizer.",
                "{\"fast_tokenizer_files\": [\"tokenizer.json\", \"tokenizer.4.0.0.json\"]}|"
                        + "fast_tokenizer_files (tokenizer.4.0.0.json) must be absent, as only",
                "{\"split_special_tokens\": true, \"additional_special_tokens\": [\"a<new>\"]}|"
                        + "split_special_tokens (true) must be false, as added token <new> would be"
                        + " found in special tokens."
            })
    void whatIsNotUnderstoodIsRefused(String theCase) throws IOException {
        List<String> parts = List.of(theCase.split("\\|"));
        write("tokenizer.json", JsonFiles.read(GOLDEN).at("/bases/wordpiece").toString());
        write("config.json", "{\"model_type\": \"bert\"}");
        write("tokenizer_config.json", parts.get(0));
        assertThatThrownBy(() -> TextTokenizer.open(dir.resolve("tokenizer.json")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "Tokenizer (" + dir.toAbsolutePath() + "): " + parts.get(1));
    }

    @Test
    void wordsThatAreCutOffAtTheStartAreSkipped() throws IOException {
        write("tokenizer.json", JsonFiles.read(GOLDEN).at("/bases/wordpiece").toString());
        write("config.json", "{\"model_type\": \"bert\"}");
        write("tokenizer_config.json", "{\"truncation_side\": \"left\"}");
        try (var tokenizer = TextTokenizer.open(dir.resolve("tokenizer.json"))) {
            Words words = tokenizer.words("a b raining c d ", 6); // rain and ##ing
            assertThat(words.skipped()).isEqualTo(2);
            assertThat(words.firsts()).containsExactly(1, 3, 4);
            assertThat(tokenizer.words("a raining c d e", 6).skipped()).isEqualTo(2);
        }
    }
}
