package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictMetricsTest {

    @TempDir private Path dir;

    private JsonNode metrics(String architecture, Object... more) throws IOException {
        Path grid = TinyModels.golden().resolve("grid").resolve(architecture);
        List<Object> args =
                new ArrayList<>(
                        List.of(
                                "predict",
                                "--overwrite",
                                "--model",
                                grid.resolve("model"),
                                "--input",
                                grid.resolve("train.jsonl"),
                                "--output",
                                dir.resolve("out.jsonl"),
                                "--metrics",
                                dir.resolve("metrics.json")));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEmpty();
        return TinyModels.json(dir.resolve("metrics.json"));
    }

    @Test
    void labelsHaveAccuracyAndMacroF1() throws IOException {
        JsonNode metrics = metrics("bert");
        List<String> lines =
                Files.readAllLines(TinyModels.golden().resolve("grid/bert/train.jsonl"));
        List<String> predictions = Files.readAllLines(dir.resolve("out.jsonl"));
        int right = 0;
        for (int i = 0; i < lines.size(); i++) {
            String label = TinyModels.parse(lines.get(i)).get("label").asText();
            right +=
                    label.equals(TinyModels.parse(predictions.get(i)).get("label").asText())
                            ? 1
                            : 0;
        }
        assertThat(metrics.get("accuracy").asDouble()).isEqualTo((double) right / lines.size());
        assertThat(metrics.get("macro-f1").asDouble()).isBetween(0.0, 1.0);
        assertThat(metrics).hasSize(2);
    }

    @Test
    void aLanguageModelHasPerplexityAndItsTextsRougeAndBleu() throws IOException {
        assertThat(metrics("gpt2")).hasSize(1);
        JsonNode metrics = metrics("gpt2", "--max-new-tokens", 4);
        double sum = 0;
        List<String> predictions = Files.readAllLines(dir.resolve("out.jsonl"));
        for (String line : predictions) {
            sum += TinyModels.parse(line).get("loss").asDouble();
        }
        assertThat(metrics.get("perplexity").asDouble())
                .isCloseTo(Math.exp(sum / predictions.size()), within(1e-6));
        assertThat(metrics.get("rouge-l").asDouble()).isBetween(0.0, 1.0);
        assertThat(metrics.get("bleu").asDouble()).isBetween(0.0, 1.0);
    }
}
