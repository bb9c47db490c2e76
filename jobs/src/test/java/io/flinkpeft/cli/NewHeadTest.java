package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label on a model without a head, the everyday use of PEFT. */
class NewHeadTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path dir;
    private Path bare;

    /** A checkpoint of the encoder alone. */
    @BeforeEach
    void bareModel() throws IOException {
        bare = Files.createDirectory(dir.resolve("bare"));
        Path whole = TinyModels.bert();
        Files.copy(whole.resolve("tokenizer.json"), bare.resolve("tokenizer.json"));
        Files.writeString(
                bare.resolve("config.json"),
                Files.readString(whole.resolve("config.json"))
                        .replace("BertForSequenceClassification", "BertModel"));
        String file = "model.safetensors";
        SafetensorsWriter.write(
                bare.resolve(file),
                SafetensorsFile.open(whole.resolve(file)).tensors().values().stream()
                        .filter(tensor -> tensor.name().startsWith("bert."))
                        .map(tensor -> tensor.named(tensor.name().substring("bert.".length())))
                        .toList(),
                Map.of("format", "pt"));
    }

    private Path lines(String... labels) throws IOException {
        var lines = new StringBuilder();
        for (String label : labels) {
            lines.append("{\"text\": \"rain and sun\", \"label\": \"" + label + "\"}\n");
        }
        return Files.writeString(dir.resolve("in.jsonl"), lines);
    }

    private Run train(Path model, Path input, Path output, String task, Object... more)
            throws IOException {
        Path config =
                Files.writeString(
                        dir.resolve("lora.json"),
                        "{\"peft_type\": \"LORA\", \"r\": 2, \"target_modules\": [\"query\"],"
                                + " \"task_type\": \""
                                + task
                                + "\"}");
        var args = new ArrayList<Object>(List.of("train", "--model", model, "--config", config));
        args.addAll(List.of("--input", input, "--output", output));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private JsonNode predicted(Path adapter, Path input) throws IOException {
        Path output = dir.resolve("out.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--overwrite",
                        "--model",
                        bare,
                        "--adapter",
                        adapter,
                        "--input",
                        input,
                        "--output",
                        output);
        assertThat(run.err()).isEmpty();
        return JSON.readTree(Files.readAllLines(output).get(0));
    }

    @Test
    void theHeadHasTheLabelsOfTheFileAndKeepsTheirNames() throws IOException {
        Path input = lines("spam", "ham", "spam", "egg");
        Path output = dir.resolve("adapter");
        assertThat(train(bare, input, output, "SEQ_CLS").err()).isEmpty();
        assertThat(predicted(output, input).get("scores").fieldNames())
                .toIterable()
                .containsExactly("egg", "ham", "spam");
        var head =
                SafetensorsFile.open(output.resolve("adapter_model.safetensors"))
                        .tensors()
                        .get("base_model.model.classifier.weight");
        assertThat(head.shape()).containsExactly(3L, 32L);
        assertThat(head.toFloats()).doesNotContain(0f);
        Path again = dir.resolve("again");
        assertThat(
                        Run.of(
                                        "train",
                                        "--model",
                                        bare,
                                        "--adapter",
                                        output,
                                        "--input",
                                        input,
                                        "--output",
                                        again)
                                .err())
                .isEmpty();
        assertThat(predicted(again, input).get("scores").has("egg")).isTrue();
        Path merged = dir.resolve("merged");
        Run.of("merge", "--model", bare, "--adapter", again, "--output", merged);
        assertThat(ModelDirectory.open(merged).config().labels())
                .containsExactly("egg", "ham", "spam");
    }

    /** As many as transformers would take if nobody says. */
    @Test
    void twoLabelsKeepTheirNamesToo() throws IOException {
        Path input = lines("spam", "ham");
        Path output = dir.resolve("adapter");
        assertThat(train(bare, input, output, "SEQ_CLS").err()).isEmpty();
        assertThat(predicted(output, input).get("scores").fieldNames())
                .toIterable()
                .containsExactly("ham", "spam");
    }

    @Test
    void theUserMayNameThemInOrder() throws IOException {
        Path input = lines("spam");
        Path output = dir.resolve("adapter");
        assertThat(train(bare, input, output, "SEQ_CLS", "--labels", "spam,ham").err()).isEmpty();
        assertThat(predicted(output, input).get("scores").fieldNames())
                .toIterable()
                .containsExactly("spam", "ham");
    }

    @Test
    void wordsHaveLabelsOfTheirOwn() throws IOException {
        Path input = lines("A B C", "B B B");
        Path output = dir.resolve("adapter");
        assertThat(train(bare, input, output, "TOKEN_CLS").err()).isEmpty();
        assertThat(predicted(output, input).get("logits").get(0)).hasSize(3);
    }

    @Test
    void labelsThatCannotBeAreRefused() throws IOException {
        Path output = dir.resolve("adapter");
        Path input = lines("spam");
        assertThat(train(bare, input, output, "SEQ_CLS").failure())
                .isEqualTo(
                        "--input (%s) has labels [spam], must have at least 2 for a new head. Maybe"
                                        .formatted(input)
                                + " give --labels.");
        assertThat(train(bare, input, output, "SEQ_CLS", "--labels", "a,a").failure())
                .isEqualTo("--labels [a, a] must be different.");
        assertThat(train(bare, input, output, "SEQ_CLS", "--labels", "a,b").failure())
                .contains("line 1 has label (spam), must have one of [a, b].");
        assertThat(train(TinyModels.bert(), input, output, "SEQ_CLS", "--labels", "a,b").failure())
                .isEqualTo(
                        "--labels [a, b] must be absent: the model has those of its head, [food,"
                                + " weather, sport].");
        assertThat(train(bare, input, output, "FEATURE_EXTRACTION", "--labels", "a,b").failure())
                .startsWith("--labels [a, b] must be absent: the head (STREAM)");
    }

    @Test
    void aModelWithoutAHeadPredictsNothingAlone() throws IOException {
        assertThat(
                        Run.of(
                                        "predict",
                                        "--model",
                                        bare,
                                        "--input",
                                        lines("a"),
                                        "--output",
                                        dir.resolve("o"))
                                .failure())
                .isEqualTo(
                        "Model %s has no head, must have one to predict without an adapter. Maybe give"
                                        .formatted(bare)
                                + " --adapter.");
    }

    @Test
    void patternsThatOnlyPeftReadsAreSaid() throws IOException {
        Path config =
                Files.writeString(
                        dir.resolve("patterns.json"),
                        "{\"peft_type\": \"LORA\", \"task_type\": \"SEQ_CLS\", \"rank_pattern\":"
                                + " {\"query\": 3}, \"alpha_pattern\": {\"query\": 6}}");
        Run run =
                Run.of(
                        "train",
                        "--model",
                        bare,
                        "--config",
                        config,
                        "--input",
                        lines("a", "b"),
                        "--output",
                        dir.resolve("adapter"));
        assertThat(run.err())
                .containsExactly(
                        "adapter_config.json: rank_pattern and alpha_pattern must be read by who"
                                + " serves the adapter. PEFT does, vLLM does not.");
    }
}
