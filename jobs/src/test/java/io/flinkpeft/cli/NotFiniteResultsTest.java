package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are numbers, but so large that what they compute is none. */
class NotFiniteResultsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path GRID = TinyModels.golden().resolve("grid");
    private static final String TENSORS = "adapter_model.safetensors";
    private static final String SAID =
            "2 lines have no finite result, so null. Maybe the values of the adapter or of the"
                    + " model are too large.";

    @TempDir private Path dir;

    @ParameterizedTest
    @CsvSource({
        "bert, label",
        "bert-token, labels",
        "bert-qa, answer",
        "gpt2, loss",
        "gpt2-cls, label"
    })
    void predictWritesNullAndSaysForHowManyLines(String task, String field) throws IOException {
        Path model = GRID.resolve(task).resolve("model");
        Path broken = broken(GRID.resolve(task).resolve("lora/trained"));
        Run run = predict(model, "--adapter", broken);
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains(SAID);
        for (JsonNode line : lines()) {
            JsonNode result = line.get(field);
            assertThat(result.isArray() ? result.get(0).isNull() : result.isNull()).isTrue();
            assertThat(line.toString()).doesNotContain("NaN").doesNotContain("Infinity");
            line.forEach(NotFiniteResultsTest::assertNull);
        }
    }

    @Test
    void aVoteOfBrokenAdaptersIsSaidToo() throws IOException {
        Path broken = broken(TinyModels.golden().resolve("lora-qv/trained"));
        Run run = predict(TinyModels.bert(), "--adapter", broken, "--adapter", broken);
        assertThat(run.err()).containsExactly(SAID);
        assertThat(lines().get(0).get("label").isNull()).isTrue();
        assertThat(lines().get(0).get("predictions").toString()).doesNotContain("NaN");
    }

    /** A text without a target has no loss, whatever the values are. */
    @Test
    void whatNeverHasAResultIsNotCounted() throws IOException {
        Run run = predict(GRID.resolve("t5/model"));
        assertThat(run.err()).isEmpty();
        assertThat(lines()).allMatch(line -> line.get("loss").isNull());
    }

    /** With the whole file in a batch, no step sees the values that the only one left behind. */
    @ParameterizedTest
    @ValueSource(ints = {4, 1000})
    void trainingThatBreaksTheAdapterFails(int batchSize) throws IOException {
        Path output = dir.resolve("out");
        Run run =
                Run.of(
                        "train",
                        "--model",
                        TinyModels.bert(),
                        "--adapter",
                        TinyModels.golden().resolve("lora-qv/init"),
                        "--input",
                        TinyModels.golden().resolve("train.jsonl"),
                        "--learning-rate",
                        "1",
                        "--weight-decay",
                        "1e36",
                        "--batch-size",
                        batchSize,
                        "--output",
                        output);
        assertThat(run.failure()).contains("step 2 must be finite.");
        assertThat(dir).isEmptyDirectory();
    }

    private Run predict(Path model, Object... more) throws IOException {
        Path input = dir.resolve("input.jsonl");
        Files.writeString(
                input,
                """
                {"text": "who won", "text_pair": "the old club won", "label": "food"}
                {"text": "rain and snow", "text_pair": "the rain"}
                """);
        var args = new ArrayList<Object>(List.of("predict", "--model", model, "--input", input));
        args.addAll(List.of("--output", dir.resolve("out.jsonl")));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve("out.jsonl"))) {
            lines.add(MAPPER.readTree(line));
        }
        assertThat(lines).hasSize(2);
        return lines;
    }

    private static void assertNull(JsonNode node) {
        if (node.isContainerNode()) {
            node.forEach(NotFiniteResultsTest::assertNull);
        } else {
            assertThat(node.isNull()).isTrue();
        }
    }

    /** The same adapter with 1e30 everywhere. */
    private Path broken(Path adapter) throws IOException {
        Path copy = Files.createDirectory(dir.resolve("broken"));
        Files.copy(adapter.resolve("adapter_config.json"), copy.resolve("adapter_config.json"));
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(adapter.resolve(TENSORS)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = Math.toIntExact(8 + file.getLong(0)); at < file.limit(); at += 4) {
            file.putFloat(at, 1e30f);
        }
        Files.write(copy.resolve(TENSORS), file.array());
        return copy;
    }
}
