package io.flinkpeft.model;

import static io.flinkpeft.model.ModelDirectories.TINY_BERT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {

    private static TextTokenizer tokenizer;
    private static JsonNode sentences;

    @BeforeAll
    static void open() throws Exception {
        tokenizer = TextTokenizer.open(TINY_BERT.resolve("tokenizer.json"));
        sentences = JsonFiles.read(TINY_BERT.resolve("golden.json")).get("sentences");
    }

    @AfterAll
    static void close() {
        tokenizer.close();
        tokenizer.close();
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    private static Tokens encode(JsonNode sentence, int maxTokens) {
        return tokenizer.encode(
                sentence.get("text").asText(), sentence.get("text_pair").textValue(), maxTokens);
    }

    @Test
    void givesTheTokensOfTransformers() {
        assertThat(sentences).hasSizeGreaterThan(10);
        for (JsonNode sentence : sentences) {
            Tokens tokens = encode(sentence, 64);
            assertThat(tokens.ids()).isEqualTo(longs(sentence.get("input_ids")));
            assertThat(tokens.typeIds()).isEqualTo(longs(sentence.get("token_type_ids")));
            assertThat(tokens.truncated()).isFalse();
        }
    }

    @Test
    void longTextsAreCutAndKeepTheirSpecialTokens() {
        for (JsonNode sentence : sentences) {
            long[] whole = longs(sentence.get("input_ids"));
            Tokens cut = encode(sentence, 7);
            assertThat(cut.truncated()).isEqualTo(whole.length > 7);
            assertThat(cut.length()).isEqualTo(Math.min(7, whole.length));
            assertThat(cut.ids()[0]).isEqualTo(whole[0]);
            assertThat(cut.ids()[cut.length() - 1]).isEqualTo(whole[whole.length - 1]);
            if (sentence.get("text_pair").isNull() && cut.truncated()) {
                assertThat(cut.ids()).startsWith(Arrays.copyOf(whole, 6));
            }
        }
    }

    @Test
    void ofAPairTheLongerTextIsCutFirst() {
        Tokens cut = tokenizer.encode("rain snow wind storm fog", "sun ice", 8);
        assertThat(cut.typeIds()).containsExactly(0, 0, 0, 0, 0, 1, 1, 1);
        assertThat(cut.truncated()).isTrue();
    }

    @Test
    void whatTheFileSaysOfTruncationAndPaddingIsIgnored(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("tokenizer.json");
        Files.copy(TINY_BERT.resolve("tokenizer.json"), file);
        ModelDirectories.edit(
                file,
                json -> {
                    json.putObject("truncation")
                            .put("direction", "Right")
                            .put("max_length", 3)
                            .put("strategy", "LongestFirst")
                            .put("stride", 1);
                    json.putObject("padding")
                            .put("direction", "Right")
                            .put("pad_id", 0)
                            .put("pad_type_id", 0)
                            .put("pad_token", "[PAD]")
                            .putNull("pad_to_multiple_of")
                            .putObject("strategy")
                            .put("Fixed", 30);
                });
        try (var other = TextTokenizer.open(file)) {
            assertThat(other.encode("rain snow wind storm", null, 5).ids())
                    .isEqualTo(tokenizer.encode("rain snow wind storm", null, 5).ids());
            assertThat(other.encode("rain", null, 50).length()).isEqualTo(3);
        }
    }

    @Test
    void oddTextsAreTokensToo() {
        for (String text :
                List.of(
                        "\0",
                        "a\0b",
                        "\ud83d\ude42",
                        "half \ud83d pair",
                        "\udc00",
                        "\n\t ",
                        "\uffff")) {
            Tokens tokens = tokenizer.encode(text, null, 16);
            assertThat(tokens.length()).as("%s", text).isBetween(2, 16);
        }
        assertThat(tokenizer.encode("x ".repeat(200_000), "y ".repeat(10), 32).length())
                .isEqualTo(32);
    }

    @Test
    void severalThreadsMayUseIt() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            var tasks = new ArrayList<Callable<long[]>>();
            for (int i = 0; i < 400; i++) {
                JsonNode sentence = sentences.get(i % sentences.size());
                int maxTokens = 60 + i % 5;
                tasks.add(() -> encode(sentence, maxTokens).ids());
            }
            List<Future<long[]>> results = threads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get())
                        .isEqualTo(longs(sentences.get(i % sentences.size()).get("input_ids")));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void manyAtOnceAreTheSame() {
        var texts = new ArrayList<String>();
        var pairs = new ArrayList<String>();
        for (JsonNode sentence : sentences) {
            texts.add(sentence.get("text").asText());
            pairs.add(sentence.get("text_pair").textValue());
        }
        List<Tokens> all = tokenizer.encodeAll(texts, pairs, 64);
        assertThat(all.stream().flatMapToLong(t -> LongStream.of(t.ids())).toArray())
                .isEqualTo(
                        StreamSupport.stream(sentences.spliterator(), false)
                                .flatMapToLong(s -> LongStream.of(longs(s.get("input_ids"))))
                                .toArray());
    }

    @Test
    void refusesALimitWithoutRoomForText() {
        assertThatThrownBy(() -> tokenizer.encode("a", null, 3))
                .hasMessage("maxTokens (3) must be at least 4.");
    }

    @Test
    void refusesAFileThatIsNoTokenizer(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("tokenizer.json");
        Files.writeString(file, "{\"model\": 5}");
        assertThatThrownBy(() -> TextTokenizer.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("File (" + file + ") must be a tokenizer: ");
        Files.writeString(file, "[]");
        assertThatThrownBy(() -> TextTokenizer.open(file))
                .hasMessage("File (" + file + ") must hold a JSON object.");
    }

    /** One of its own for each, as the native library has it, would take some 9 MiB each. */
    @Test
    void aLimitTakesNoTokenizer(@TempDir Path directory) throws Exception {
        var json = (ObjectNode) JsonFiles.read(TINY_BERT.resolve("tokenizer.json"));
        var words = (ObjectNode) json.get("model").get("vocab");
        for (int i = words.size(); i < 30_000; i++) {
            words.put("word" + i, i);
        }
        Path file = Files.writeString(directory.resolve("tokenizer.json"), json.toString());
        try (var large = TextTokenizer.open(file)) {
            large.encode("word7777 word8888", null, 4);
            large.encodeContinuation("word7777", 4);
            long before = residentKilobytes();
            for (int limit = 5; limit < 105; limit++) {
                large.encode("word7777 word8888", null, limit);
                large.encodeContinuation("word7777", limit);
                large.words("word7777", limit);
                large.passage("word7777", "word8888", limit);
            }
            assertThat(residentKilobytes() - before).isLessThan(100 << 10);
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
