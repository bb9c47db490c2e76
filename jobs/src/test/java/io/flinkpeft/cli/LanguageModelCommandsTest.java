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

    /** As PEFT's losses are; an encoder-decoder has no other way. */
    private static Run asWritten(String model, Object... args) {
        var all = new ArrayList<>(List.of(args));
        if (model.equals("llama")) {
            all.addAll(List.of("--target-end", "as-written"));
        }
        return Run.of(all.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "t5", "bart"})
    void aLineHasTheLossAndTheContinuation(String model) throws IOException {
        Path grid = GRID.resolve(model);
        JsonNode golden = golden(grid);
        Path output = dir.resolve("output.jsonl");
        Run run =
                asWritten(
                        model,
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
                asWritten(
                        model,
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

    /** GPT-2 whose tokenizer puts nothing around a text, and names its end. */
    private Path gpt2(String generation) throws IOException {
        Path model = Files.createDirectory(dir.resolve("gpt2"));
        for (String name : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            Files.copy(GRID.resolve("gpt2/model").resolve(name), model.resolve(name));
        }
        Files.writeString(model.resolve("generation_config.json"), generation);
        return model;
    }

    @Test
    void anEmptyTextIsContinuedByNothingAndStopsNothing() throws IOException {
        Path input = Files.createFile(dir.resolve("in.jsonl"));
        Files.writeString(input, "{\"text\": \"rain\"}\n{\"text\": \"\"}\n{\"text\": \"sun\"}\n");
        Path output = dir.resolve("out.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        gpt2("{}"),
                        "--input",
                        input,
                        "--output",
                        output,
                        "--max-new-tokens",
                        3);
        assertThat(run.err()).isEmpty();
        assertThat(lines(output).get(1).get("generated").asText()).isEmpty();
        assertThat(lines(output).get(1).get("generated_ids")).isEmpty();
        assertThat(lines(output).get(0).get("generated_ids")).hasSize(3);
        assertThat(lines(output).get(2).get("generated_ids")).hasSize(3);
    }

    @Test
    void settingsOfGenerationThatAreIgnoredAreSaid() throws IOException {
        Path model = gpt2("{\"no_repeat_ngram_size\": 2, \"num_beams\": 1, \"do_sample\": true}");
        Path input = Files.writeString(dir.resolve("in.jsonl"), "{\"text\": \"rain\"}\n");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        model,
                        "--input",
                        input,
                        "--output",
                        dir.resolve("out.jsonl"),
                        "--max-new-tokens",
                        3);
        assertThat(run.err())
                .containsExactly(
                        "Model "
                                + model
                                + ": do_sample (true), no_repeat_ngram_size (2) of its settings of"
                                + " generation is ignored.");
    }

    @Test
    void theEndOfATargetIsLearnedAndEndsAText() throws IOException {
        Path model = gpt2("{\"eos_token_id\": 103}");
        Path input =
                Files.writeString(
                        dir.resolve("in.jsonl"), "{\"text\": \"rain\", \"target\": \" sun\"}\n");
        Path config =
                Files.writeString(
                        dir.resolve("lora.json"),
                        "{\"peft_type\": \"LORA\", \"r\": 8, \"lora_alpha\": 32, \"task_type\":"
                                + " \"CAUSAL_LM\"}");
        for (String end : List.of("appended", "as-written")) {
            Path adapter = dir.resolve(end);
            Run.of(
                    "train",
                    "--model",
                    model,
                    "--config",
                    config,
                    "--input",
                    input,
                    "--output",
                    adapter,
                    "--epochs",
                    60,
                    "--learning-rate",
                    "0.02",
                    "--target-end",
                    end);
            Path output = dir.resolve(end + ".jsonl");
            Run.of(
                    "predict",
                    "--model",
                    model,
                    "--adapter",
                    adapter,
                    "--input",
                    input,
                    "--output",
                    output,
                    "--max-new-tokens",
                    12);
            JsonNode ids = lines(output).get(0).get("generated_ids");
            boolean ended = ids.size() < 12 && ids.get(ids.size() - 1).asInt() == 103;
            assertThat(ended).as(end).isEqualTo(end.equals("appended"));
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
