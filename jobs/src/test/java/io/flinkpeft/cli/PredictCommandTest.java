package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against logits of transformers and PEFT, which are in the golden files. */
class PredictCommandTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir private Path dir;

    @Test
    void theModelsOwnHeadPredictsWithoutAnAdapter() throws IOException {
        JsonNode golden = TinyModels.json(TinyModels.bert().resolve("golden.json"));
        assertThat(logits(dir, null))
                .usingElementComparator(closeTo(1e-5))
                .containsExactlyElementsOf(rows(golden.get("logits")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora-qv", "lora-all-rslora", "lora-regex"})
    void anAdapterPredictsAsInPeft(String name) throws IOException {
        Path source = TinyModels.golden().resolve(name);
        JsonNode golden = TinyModels.json(source.resolve("golden.json"));
        assertThat(logits(dir, source.resolve("init")))
                .usingElementComparator(closeTo(1e-5))
                .containsExactlyElementsOf(rows(golden.get("logits_before")));
        assertThat(logits(dir, source.resolve("trained")))
                .usingElementComparator(closeTo(1e-5))
                .containsExactlyElementsOf(rows(golden.get("logits_after")));
    }

    @Test
    void anAdapterOfAnotherBaseIsUsedAndNoted() throws IOException {
        Path source = TinyModels.golden().resolve("lora-qv/trained");
        Path adapter = Files.createDirectory(dir.resolve("a"));
        String tensors = "adapter_model.safetensors";
        Files.copy(source.resolve(tensors), adapter.resolve(tensors));
        String config = Files.readString(source.resolve("adapter_config.json"));
        Files.writeString(
                adapter.resolve("adapter_config.json"),
                config.replace("\"tiny-bert-cls\"", "\"you/other\""));
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        TinyModels.bert(),
                        "--adapter",
                        adapter,
                        "--input",
                        input(dir),
                        "--output",
                        dir.resolve("noted.jsonl"));
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .containsExactly(
                        "Adapter %s names base model you/other, the model is %s. Maybe it is for"
                                        .formatted(adapter, TinyModels.bert())
                                + " another base model.");
        assertThat(
                        Run.of(
                                        "merge",
                                        "--model",
                                        TinyModels.bert(),
                                        "--adapter",
                                        adapter,
                                        "--output",
                                        dir.resolve("merged"))
                                .err())
                .containsExactly(TinyModels.leftOutOfBert(), run.err().get(0));
    }

    @Test
    void theSizeOfBatchesDoesNotMatter() throws IOException {
        List<double[]> together = logits(dir, null);
        assertThat(logits(dir, null, "--batch-size", 1))
                .usingElementComparator(closeTo(1e-5))
                .containsExactlyElementsOf(together);
    }

    @Test
    void aLineHasLabelScoresAndLogits() throws IOException {
        JsonNode line = predictions(dir, null).get(0);
        List<String> fields = new ArrayList<>();
        line.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsExactly("label", "scores", "logits");
        List<String> labels = new ArrayList<>();
        line.get("scores").fieldNames().forEachRemaining(labels::add);
        assertThat(labels).containsExactly("food", "weather", "sport");
        double sum = 0;
        double best = line.get("scores").get(line.get("label").asText()).asDouble();
        for (JsonNode score : line.get("scores")) {
            sum += score.asDouble();
            assertThat(score.asDouble()).isLessThanOrEqualTo(best);
        }
        assertThat(sum).isCloseTo(1, within(1e-9));
    }

    @Test
    void aTextThatWasCutIsMarkedAndCounted() throws IOException {
        Path input = dir.resolve("long.jsonl");
        String rain = "rain ".repeat(200);
        Files.writeString(
                input,
                "{\"text\": \"rain\"}\n{\"text\": \"%s\"}\n{\"text\": \"%s\"}\n"
                        .formatted(rain, rain));
        Path output = dir.resolve("cut.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        TinyModels.bert(),
                        "--input",
                        input,
                        "--output",
                        output);
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .containsExactly("2 texts were cut, as the model reads at most 64 tokens.");
        List<String> lines = Files.readAllLines(output);
        assertThat(lines.get(0)).doesNotContain("truncated");
        assertThat(lines.subList(1, 3)).allMatch(line -> line.endsWith("\"truncated\":true}"));
    }

    @Test
    void anAdaptersOwnTokenizerMustDoWhatTheBasesDoes() throws IOException {
        Path adapter = Files.createDirectory(dir.resolve("adapter"));
        Path source = TinyModels.golden().resolve("lora-qv/trained");
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(source.resolve(file), adapter.resolve(file));
        }
        Path own = adapter.resolve("tokenizer.json");
        Files.copy(TinyModels.bert().resolve("tokenizer.json"), own);
        assertThat(notes(adapter)).isEmpty();
        Files.writeString(adapter.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        assertThat(predict(adapter).failure())
                .contains("File (" + own + ") makes other tokens, must do what the");
    }

    private List<String> notes(Path adapter) throws IOException {
        Run run = predict(adapter);
        assertThat(run.code()).isZero();
        return run.err();
    }

    private Run predict(Path adapter) throws IOException {
        return Run.of(
                "predict",
                "--model",
                TinyModels.bert(),
                "--adapter",
                adapter,
                "--input",
                input(dir),
                "--overwrite",
                "--output",
                dir.resolve("noted.jsonl"));
    }

    @Test
    void aMergedAdapterPredictsTheSame() throws IOException {
        Path adapter = TinyModels.golden().resolve("lora-all-rslora/trained");
        assertThat(logits(dir, adapter, "--merge"))
                .usingElementComparator(closeTo(1e-5))
                .containsExactlyElementsOf(logits(dir, adapter));
    }

    @Test
    void severalAdaptersVote() throws IOException {
        Path one = TinyModels.golden().resolve("lora-qv/trained");
        Path other = TinyModels.golden().resolve("lora-all-rslora/trained");
        List<double[]> alone = logits(dir, other);
        List<JsonNode> votes = predictions(dir, one, "--adapter", other, "--adapter", other);
        assertThat(votes).hasSameSizeAs(alone);
        for (int i = 0; i < alone.size(); i++) {
            JsonNode vote = votes.get(i);
            assertThat(vote.get("predictions")).hasSize(3);
            JsonNode second = vote.get("predictions").get(1);
            assertThat(List.of(row(second.get("logits"))))
                    .usingElementComparator(closeTo(1e-5))
                    .containsExactly(alone.get(i));
            assertThat(vote.get("label")).isEqualTo(second.get("label"));
            assertThat(vote.get("votes").asInt()).isBetween(2, 3);
        }
    }

    @Test
    void whatCannotBeMergedOrVotedOnIsRefused() throws IOException {
        Path grid = TinyModels.golden().resolve("grid");
        Path prefix = grid.resolve("bert/prefix/trained");
        assertThat(refused(grid.resolve("bert/model"), "--adapter", prefix, "--merge"))
                .isEqualTo(
                        "Adapter "
                                + prefix
                                + " of peft_type (PREFIX_TUNING) must change linear layers only to"
                                + " be merged.");
        Path lora = grid.resolve("gpt2/lora/trained");
        assertThat(refused(grid.resolve("gpt2/model"), "--adapter", lora, "--adapter", lora))
                .isEqualTo(
                        "--adapter (2 times) must be given once, as the task is none to vote on.");
    }

    private String refused(Path model, Object... more) throws IOException {
        var args = new ArrayList<Object>(List.of("predict", "--overwrite", "--model", model));
        args.addAll(List.of("--input", input(dir), "--output", dir.resolve("out.jsonl")));
        args.addAll(List.of(more));
        String error = Run.of(args.toArray()).failure();
        assertThat(dir.toFile().list()).containsExactly("input.jsonl");
        return error;
    }

    @Test
    void anAdapterWithoutAHeadIsRefused() throws IOException {
        Path adapter = TinyModels.golden().resolve("feature-extraction/encoder-linear");
        Path output = dir.resolve("out.jsonl");
        assertThat(
                        Run.of(
                                        "predict",
                                        "--model",
                                        TinyModels.bert(),
                                        "--adapter",
                                        adapter,
                                        "--input",
                                        input(dir),
                                        "--output",
                                        output)
                                .failure())
                .isEqualTo(
                        "Adapter "
                                + adapter
                                + " has no head, it must have head.safetensors to classify. Maybe"
                                + " train one.");
        assertThat(dir.toFile().list()).containsExactly("input.jsonl");
    }

    /** The golden sentences as an input file. */
    private static Path input(Path dir) throws IOException {
        List<String> lines = new ArrayList<>();
        for (JsonNode sentence :
                TinyModels.json(TinyModels.bert().resolve("golden.json")).get("sentences")) {
            ObjectNode line = MAPPER.createObjectNode();
            line.set("text", sentence.get("text"));
            line.set("text_pair", sentence.get("text_pair"));
            lines.add(line.toString());
        }
        return Files.write(dir.resolve("input.jsonl"), lines);
    }

    private static List<JsonNode> predictions(Path dir, Path adapter, Object... more)
            throws IOException {
        return predictions(TinyModels.bert(), dir, adapter, more);
    }

    private static List<JsonNode> predictions(Path model, Path dir, Path adapter, Object... more)
            throws IOException {
        Path output = dir.resolve("output.jsonl");
        var args = new ArrayList<Object>(List.of("predict", "--overwrite", "--model", model));
        args.addAll(List.of("--input", input(dir), "--output", output));
        args.addAll(List.of(more));
        if (adapter != null) {
            args.addAll(List.of("--adapter", adapter));
        }
        assertThat(Run.of(args.toArray()).err()).isEmpty();
        List<JsonNode> predictions = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            predictions.add(MAPPER.readTree(line));
        }
        return predictions;
    }

    static List<double[]> logits(Path dir, Path adapter, Object... more) throws IOException {
        return predictions(dir, adapter, more).stream().map(p -> row(p.get("logits"))).toList();
    }

    static List<double[]> logitsOf(Path model, Path dir, Path adapter) throws IOException {
        return predictions(model, dir, adapter).stream().map(p -> row(p.get("logits"))).toList();
    }

    static List<double[]> rows(JsonNode matrix) {
        List<double[]> rows = new ArrayList<>();
        matrix.forEach(row -> rows.add(row(row)));
        return rows;
    }

    private static double[] row(JsonNode array) {
        double[] row = new double[array.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = array.get(i).asDouble();
        }
        return row;
    }

    static Comparator<double[]> closeTo(double tolerance) {
        return (a, b) -> {
            for (int i = 0; i < Math.max(a.length, b.length); i++) {
                if (a.length != b.length || Math.abs(a[i] - b[i]) > tolerance) {
                    return 1;
                }
            }
            return 0;
        };
    }
}
