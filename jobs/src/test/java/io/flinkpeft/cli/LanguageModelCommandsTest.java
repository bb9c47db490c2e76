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

/** Language models on the command line, against what transformers and PEFT computed. */
class LanguageModelCommandsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path grid = TinyModels.golden().resolve("grid").resolve("llama");
    private final JsonNode golden = TinyModels.json(grid.resolve("lora").resolve("golden.json"));

    @TempDir private Path dir;

    @Test
    void aLineHasTheLossAndTheContinuation() throws IOException {
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

    @Test
    void trainingLogsTheLossesOfPeft() throws IOException {
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
    void aClassifierContinuesNothing() {
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        TinyModels.bert(),
                        "--input",
                        grid.resolve("train.jsonl"),
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
