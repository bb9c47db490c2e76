package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Language models on the command line, against what transformers and PEFT computed. */
class LanguageModelCommandsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Path GRID = TinyModels.golden().resolve("grid");

    @TempDir private Path dir;

    private static JsonNode golden(Path grid) {
        return TinyModels.json(grid.resolve("lora").resolve("golden.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "t5", "bart"})
    void aLineHasTheLossAndTheContinuation(String model) throws IOException {
        Path grid = GRID.resolve(model);
        JsonNode golden = golden(grid);
        Path output = dir.resolve("output.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        grid.resolve("model"),
                        "--adapter",
                        grid.resolve("lora").resolve("trained"),
                        "--input",
                        grid.resolve("train.jsonl"),
                        "--output",
                        output,
                        "--max-new-tokens",
                        8);
        assertThat(run.err()).isEmpty();
        List<JsonNode> lines = lines(output);
        assertThat(lines).hasSize(golden.get("loss_trained").size());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).get("loss").asDouble())
                    .isCloseTo(golden.get("loss_trained").get(i).asDouble(), within(1e-5));
            assertThat(lines.get(i).get("generated_ids"))
                    .isEqualTo(golden.get("generated_ids_trained").get(i));
            assertThat(lines.get(i).get("generated").isTextual()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "bart"})
    void trainingLogsTheLossesOfPeft(String model) throws IOException {
        Path grid = GRID.resolve(model);
        JsonNode golden = golden(grid);
        Path output = dir.resolve("trained");
        Run run =
                Run.of(
                        "train",
                        "--model",
                        grid.resolve("model"),
                        "--adapter",
                        grid.resolve("lora").resolve("init"),
                        "--input",
                        grid.resolve("train.jsonl"),
                        "--output",
                        output,
                        "--batch-size",
                        4,
                        "--learning-rate",
                        "1e-2",
                        "--epochs",
                        3);
        assertThat(run.err()).isEmpty();
        List<JsonNode> log = lines(output.resolve("train_log.jsonl"));
        assertThat(log).hasSize(golden.get("losses").size());
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).get("loss").asDouble())
                    .isCloseTo(golden.get("losses").get(i).asDouble(), within(1e-4));
        }
    }

    @Test
    void aLineWithoutATargetHasNoLoss() throws IOException {
        Path input = Files.writeString(dir.resolve("in.jsonl"), "{\"text\": \"rain\"}\n");
        Path output = dir.resolve("out.jsonl");
        Path model = GRID.resolve("t5").resolve("model");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        output,
                        "--max-new-tokens",
                        3);
        assertThat(run.err()).isEmpty();
        assertThat(lines(output).get(0).get("loss").isNull()).isTrue();
        assertThat(lines(output).get(0).get("generated_ids")).hasSize(3);
    }

    @Test
    void aClassifierContinuesNothing() {
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        TinyModels.bert(),
                        "--input",
                        GRID.resolve("llama").resolve("train.jsonl"),
                        "--output",
                        dir.resolve("output.jsonl"),
                        "--max-new-tokens",
                        8);
        assertThat(run.failure())
                .isEqualTo(
                        "--max-new-tokens (8) must be absent, as the task is no language model's.");
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }
}
