package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose own head gives several labels. */
class ProblemTypeCommandsTest {

    @TempDir Path dir;

    private Path model;
    private Path input;

    @BeforeEach
    void write() throws IOException {
        JsonNode change =
                TinyModels.parse(
                        """
                        {"model": "bert",
                         "config": {"problem_type": "multi_label_classification"}}
                        """);
        model = ChangedModel.write(change, Files.createDirectory(dir.resolve("model")));
        input = dir.resolve("in.jsonl");
        Files.writeString(input, "{\"text\": \"a b\", \"label\": \"food\"}\n");
    }

    private Run predict(Object... more) {
        Object[] args = {
            "predict", "--model", model, "--input", input, "--output", dir.resolve("out.jsonl")
        };
        Object[] all = new Object[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Run.of(all);
    }

    @Test
    void eachLabelHasItsOwnScore() throws IOException {
        assertThat(predict().code()).isZero();

        JsonNode line = TinyModels.parse(Files.readString(dir.resolve("out.jsonl")));
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            double logit = line.get("logits").get(i).asDouble();
            String label = new String[] {"food", "weather", "sport"}[i];
            assertThat(line.get("scores").get(label).asDouble())
                    .isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-6));
            if (logit > 0) {
                labels.add(label);
            }
        }
        assertThat(line.get("labels")).extracting(JsonNode::asText).isEqualTo(labels);
    }

    @Test
    void labelsAreMeasuredTogether() throws IOException {
        assertThat(predict("--metrics", dir.resolve("metrics.json")).code()).isZero();
        assertThat(TinyModels.parse(Files.readString(dir.resolve("metrics.json"))).fieldNames())
                .toIterable()
                .containsExactly("subset-accuracy", "micro-f1", "macro-f1");
    }

    @Test
    void itIsTrained() throws IOException {
        Path config = dir.resolve("adapter_config.json");
        Files.writeString(
                config,
                "{\"peft_type\": \"LORA\", \"task_type\": \"SEQ_CLS\", \"target_modules\":"
                        + " [\"query\"]}");
        Files.writeString(
                input,
                """
                {"text": "a b", "labels": ["food", "sport"]}
                {"text": "c", "labels": []}
                """);

        Run run =
                Run.of(
                        "train",
                        "--model",
                        model,
                        "--config",
                        config,
                        "--input",
                        input,
                        "--output",
                        dir.resolve("adapter"));

        assertThat(run.err()).isEmpty();
        assertThat(predict("--adapter", dir.resolve("adapter")).code()).isZero();
    }
}
