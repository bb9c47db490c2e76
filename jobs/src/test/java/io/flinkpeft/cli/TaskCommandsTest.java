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

/** The tasks on the command line, against what transformers and PEFT computed. */
class TaskCommandsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path GRID = TinyModels.golden().resolve("grid");

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-token",
                "bert-qa",
                "gpt2-cls",
                "bert-regression",
                "gpt2-regression",
                "bert-labels",
                "gpt2-labels"
            })
    void trainingLogsTheLossesOfPeft(String task) throws IOException {
        Path trained = dir.resolve("trained");
        Run run =
                Run.of(
                        "train",
                        "--model",
                        GRID.resolve(task).resolve("model"),
                        "--adapter",
                        GRID.resolve(task).resolve("lora/init"),
                        "--input",
                        GRID.resolve(task).resolve("train.jsonl"),
                        "--output",
                        trained,
                        "--batch-size",
                        4,
                        "--learning-rate",
                        "1e-2",
                        "--epochs",
                        3);
        assertThat(run.err()).isEmpty();
        List<JsonNode> log = lines(trained.resolve("train_log.jsonl"));
        JsonNode losses = golden(task).get("losses");
        assertThat(log).hasSize(losses.size());
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).get("loss").asDouble())
                    .isCloseTo(losses.get(i).asDouble(), within(1e-4));
        }
        assertThat(predict(task, trained, GRID.resolve(task).resolve("train.jsonl"))).hasSize(16);
    }

    @Test
    void aNumberIsPredictedAndMeasured() throws IOException {
        Path lines = GRID.resolve("gpt2-regression").resolve("train.jsonl");
        Path adapter = GRID.resolve("gpt2-regression").resolve("lora/trained");
        Path metrics = dir.resolve("metrics.json");
        Path out = dir.resolve("out.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        GRID.resolve("gpt2-regression").resolve("model"),
                        "--adapter",
                        adapter,
                        "--input",
                        lines,
                        "--output",
                        out,
                        "--metrics",
                        metrics);
        assertThat(run.err()).isEmpty();
        List<JsonNode> predicted = lines(out);
        JsonNode logits = golden("gpt2-regression").get("logits_trained");
        double squares = 0;
        for (int i = 0; i < predicted.size(); i++) {
            JsonNode line = predicted.get(i);
            JsonNode target = lines(lines).get(i).get("target");
            assertThat(line.get("value").asDouble())
                    .isCloseTo(logits.get(i).get(0).asDouble(), within(1e-5));
            assertThat(line.get("values").get("warmth").asDouble())
                    .isCloseTo(logits.get(i).get(1).asDouble(), within(1e-5));
            for (int j = 0; j < 2; j++) {
                double error = line.get("logits").get(j).asDouble() - target.get(j).asDouble();
                squares += error * error / (2 * predicted.size());
            }
        }
        JsonNode measured = MAPPER.readTree(Files.readString(metrics));
        assertThat(measured.get("mse").asDouble()).isCloseTo(squares, within(1e-6));
        assertThat(measured.has("mae")).isTrue();
        assertThat(measured.has("pearson")).isTrue();
    }

    @Test
    void aWordHasALabelAScoreAndLogits() throws IOException {
        Path input =
                Files.writeString(
                        dir.resolve("input.jsonl"),
                        """
                        {"text": "Anna was in Rome"}
                        {"tokens": ["Anna", "was", "in", "Rome"]}
                        {"text": ""}
                        """);
        List<JsonNode> lines = predict("bert-token", GRID.resolve("bert-token/lora/init"), input);
        assertThat(lines.get(0).get("labels")).hasSize(4);
        assertThat(lines.get(0).get("labels").get(0).asText()).isIn("O", "PERSON", "PLACE", "TIME");
        assertThat(lines.get(0).get("scores")).hasSize(4);
        assertThat(lines.get(0).get("logits").get(3)).hasSize(4);
        assertThat(lines.get(1)).isEqualTo(lines.get(0));
        assertThat(lines.get(2).get("labels")).isEmpty();
    }

    @Test
    void labelsMayBeAList() throws IOException {
        Path input =
                Files.writeString(
                        dir.resolve("input.jsonl"),
                        """
                        {"tokens": ["Anna", "won"], "label": ["PERSON", "O"]}
                        {"text": "Anna won", "label": "PERSON O"}
                        """);
        assertThat(train("bert-token", input).err()).isEmpty();
        List<JsonNode> log = lines(dir.resolve("trained/train_log.jsonl"));
        assertThat(log.get(1).get("loss").asDouble()).isLessThan(log.get(0).get("loss").asDouble());
    }

    @Test
    void aWordHasNoWhiteSpace() throws IOException {
        Path input =
                Files.writeString(
                        dir.resolve("input.jsonl"), "{\"tokens\": [\"New York\"], \"label\": []}");
        assertThat(train("bert-token", input).failure())
                .endsWith(
                        "line 1: Field tokens (New York) must be a list of words without white space.");
    }

    @Test
    void anAnswerIsAPartOfTheText() throws IOException {
        String text = "Ärger 🙂: the old club lost it.";
        Path input =
                Files.writeString(
                        dir.resolve("input.jsonl"),
                        "{\"text\": \"Who lost?\", \"text_pair\": \"%s\"}\n{\"text\": \"Who?\"}\n"
                                .formatted(text));
        List<JsonNode> lines = predict("bert-qa", GRID.resolve("bert-qa/lora/trained"), input);
        JsonNode line = lines.get(0);
        int start = line.get("answer_start").asInt();
        int end = line.get("answer_end").asInt();
        int[] points = text.codePoints().toArray();
        assertThat(line.get("answer").asText())
                .isNotEmpty()
                .isEqualTo(new String(points, start, end - start));
        assertThat(line.get("score").asDouble()).isBetween(0.0, 1.0);
        assertThat(line.get("start_logits")).hasSameSizeAs(line.get("end_logits"));
        assertThat(lines.get(1).get("answer").isNull()).isTrue();
    }

    @Test
    void anAnswerMustStandInTheText() throws IOException {
        Path input =
                Files.writeString(
                        dir.resolve("input.jsonl"),
                        """
                        {"text": "Who?", "text_pair": "the old club", "target": "club", "answer_start": 3}
                        """);
        assertThat(train("bert-qa", input).failure())
                .isEqualTo("Answer (club) must stand in text_pair at character (3).");
    }

    @Test
    void aClozeIsLearnedAndPredicted() throws IOException {
        Path golden = TinyModels.golden().resolve("cloze");
        Path input = golden.resolve("train.jsonl");
        Path trained = dir.resolve("trained");
        Run run =
                Run.of(
                        "train",
                        "--model",
                        GRID.resolve("bert-mlm/model"),
                        "--adapter",
                        golden.resolve("bert-lora/init"),
                        "--input",
                        input,
                        "--output",
                        trained,
                        "--batch-size",
                        4,
                        "--learning-rate",
                        "1e-2",
                        "--epochs",
                        3);
        assertThat(run.err()).isEmpty();
        JsonNode expected = TinyModels.json(golden.resolve("bert-lora/golden.json"));
        List<JsonNode> log = lines(trained.resolve("train_log.jsonl"));
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).get("loss").asDouble())
                    .isCloseTo(expected.get("losses").get(i).asDouble(), within(1e-4));
        }
        List<JsonNode> lines = predict("bert-mlm", trained, input);
        for (int i = 0; i < lines.size(); i++) {
            for (int label = 0; label < 3; label++) {
                assertThat(lines.get(i).get("logits").get(label).asDouble())
                        .isCloseTo(
                                expected.get("logits_trained").get(i).get(label).asDouble(),
                                within(1e-3));
            }
        }
    }

    @Test
    void aModelAnswersAClozeWithoutAnAdapter() throws IOException {
        Path output = dir.resolve("output.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        GRID.resolve("bert-mlm/model"),
                        "--cloze",
                        TinyModels.golden().resolve("cloze/bert-lora/init/cloze.json"),
                        "--input",
                        TinyModels.golden().resolve("cloze/train.jsonl"),
                        "--output",
                        output);
        assertThat(run.err()).isEmpty();
        assertThat(lines(output).get(0).get("label").asText()).isIn("food", "weather", "sport");
    }

    private Run train(String task, Path input) {
        return Run.of(
                "train",
                "--model",
                GRID.resolve(task).resolve("model"),
                "--adapter",
                GRID.resolve(task).resolve("lora/init"),
                "--input",
                input,
                "--output",
                dir.resolve("trained"),
                "--batch-size",
                1,
                "--learning-rate",
                "1e-2");
    }

    private List<JsonNode> predict(String task, Path adapter, Path input) throws IOException {
        Path output = dir.resolve("output.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        GRID.resolve(task).resolve("model"),
                        "--adapter",
                        adapter,
                        "--input",
                        input,
                        "--output",
                        output);
        assertThat(run.err()).isEmpty();
        return lines(output);
    }

    private static JsonNode golden(String task) {
        return TinyModels.json(GRID.resolve(task).resolve("lora/golden.json"));
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }
}
