package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Against AutoTokenizer of transformers: see {@code golden/generate_tokenizers.py}. */
class PlainTextTest {

    private static final Path GOLDEN = Path.of("target/test-classes/golden/tokenizers.json");

    @TempDir private Path dir;

    private static Stream<Integer> cases() throws IOException {
        int cases = JsonFiles.read(GOLDEN).get("cases").size();
        return Stream.iterate(0, i -> i + 1).limit(cases);
    }

    private TextTokenizer open(JsonNode golden, JsonNode theCase) throws IOException {
        JsonNode base = golden.get("bases").get(theCase.get("base").asText());
        Files.writeString(dir.resolve("tokenizer.json"), base.toString());
        for (var file : theCase.get("files").properties()) {
            Files.writeString(dir.resolve(file.getKey()), file.getValue().toString());
        }
        return TextTokenizer.open(dir.resolve("tokenizer.json"));
    }

    private TextTokenizer open(String base, String model, String config) throws IOException {
        JsonNode golden = JsonFiles.read(GOLDEN);
        Files.writeString(dir.resolve("tokenizer.json"), golden.get("bases").get(base).toString());
        Files.writeString(dir.resolve("config.json"), "{\"model_type\": \"" + model + "\"}");
        Files.writeString(dir.resolve("tokenizer_config.json"), config);
        return TextTokenizer.open(dir.resolve("tokenizer.json"));
    }

    /** Where transformers finds special tokens in the vocabulary, none must be there. */
    @ParameterizedTest
    @MethodSource("cases")
    void plainTextHasNoSpecialTokenAndElseTheTokensOfSplitSpecialTokens(int number)
            throws IOException {
        JsonNode golden = JsonFiles.read(GOLDEN);
        JsonNode theCase = golden.get("cases").get(number);
        long[] special = longs(theCase.get("special"));
        try (TextTokenizer tokenizer = open(golden, theCase)) {
            TextTokenizer plain = tokenizer.forPlainText();
            for (int i = 0; i < golden.get("texts").size(); i++) {
                JsonNode text = golden.get("texts").get(i);
                JsonNode expected = theCase.get("split").get(i);
                Tokens tokens =
                        plain.encode(
                                text.get(0).asText(), text.get(1).textValue(), text.get(2).asInt());
                if (!expected.get(1).asBoolean()) {
                    assertThat(tokens.ids())
                            .as("%s %s: %s", theCase.get("base"), theCase.get("files"), text)
                            .isEqualTo(longs(expected.get(0)));
                }
                for (String part : List.of(text.get(0).asText(), text.get(1).asText(""))) {
                    assertThat(plain.encodeContinuation(part, 64).ids())
                            .as("%s %s: %s", theCase.get("base"), theCase.get("files"), part)
                            .doesNotContain(special);
                }
            }
        }
    }

    private static long[] longs(JsonNode array) {
        LongStream values =
                StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong);
        return values.toArray();
    }

    @Test
    void tokensOfTheVocabularyAreNoWordsOfPlainText() throws IOException {
        try (TextTokenizer tokenizer = open("t5", "t5", "{}")) {
            long end = 1;
            assertThat(tokenizer.encodeContinuation("x </s>", 64).ids()).contains(end);
            TextTokenizer plain = tokenizer.forPlainText();
            assertThat(plain.encodeContinuation("x </s>", 64).ids()).doesNotContain(end);
            assertThat(plain.encode("x </s>", null, 64).ids()).endsWith(end);
            assertThat(plain.decode(new long[] {end, 5}))
                    .isEqualTo(tokenizer.decode(new long[] {5}));
        }
    }

    @Test
    void onlyTheGapOfATemplateIsAGapInPlainText() throws IOException {
        try (TextTokenizer tokenizer = open("wordpiece", "bert", "{}")) {
            TextTokenizer plain = tokenizer.forPlainText();
            long[] ids = plain.encode("[MASK] a " + plain.mask(), null, 64).ids();
            assertThat(plain.maskId()).isEqualTo(tokenizer.maskId()).isNotNegative();
            assertThat(Arrays.stream(ids).filter(id -> id == plain.maskId())).hasSize(1);
            assertThat(ids[ids.length - 2]).isEqualTo(plain.maskId());
        }
    }

    @Test
    void spacesAreCleanedUpAsTransformersDoes() throws IOException {
        String config = "{\"clean_up_tokenization_spaces\": true}";
        try (TextTokenizer t5 = open("t5", "t5", config)) {
            long[] ids = t5.encodeContinuation("rain ! sun", 64).ids();
            assertThat(t5.decode(ids)).isEqualTo("rain! sun");
        }
        try (TextTokenizer gpt2 = open("byte-bpe", "gpt2", config)) { // never for byte pairs
            long[] ids = gpt2.encodeContinuation("rain ! sun", 64).ids();
            assertThat(gpt2.decode(ids)).isEqualTo("rain ! sun");
        }
    }
}
