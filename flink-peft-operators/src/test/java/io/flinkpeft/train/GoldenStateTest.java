package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Methods whose training does not start from a file of PEFT, against what PyTorch and PEFT
 * computed: logits within 1e-5, losses and tensors of 12 AdamW steps within 1e-4, as two correct
 * runs in fp32 differ by less.
 */
class GoldenStateTest {

    private static final Path GRID = TinyModels.golden().resolve("grid/bert");
    private static final String MODEL = GRID.resolve("model").toString();
    private static final Map<String, PeftConfig> SELECTIVE =
            Map.of(
                    "bitfit", new BitFitConfig(),
                    "freeze", new FreezeConfig(1),
                    "full", new FullConfig());

    @TempDir private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bitfit",
                "freeze",
                "full",
                "prompt-tuning",
                "p-tuning-mlp",
                "p-tuning-lstm",
                "prefix",
                "prefix-projection"
            })
    void trainsAsTheReferenceDoes(String name) throws IOException {
        JsonNode golden = TinyModels.json(GRID.resolve(name).resolve("golden.json"));
        PeftConfig method = method(name);
        double rate = golden.get("training").get("learning_rate").asDouble();
        var optimizer =
                new OptimizerConfig(rate, rate, 0.01, 0.9, 0.999, 1e-8, Double.POSITIVE_INFINITY);
        TrainerConfig config =
                TrainerConfig.of(MODEL, method)
                        .withHead(HeadKind.MODEL)
                        .withDtype("fp32")
                        .withOptimizer(optimizer);
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            LiveAdapter adapter = start(trainer, name);
            List<Double> losses = new ArrayList<>();
            for (int step = 0; step < golden.get("losses").size(); step++) {
                BatchOutcome outcome =
                        trainer.step(List.of(new Batch(adapter, batch(step), List.of()))).get(0);
                losses.add(outcome.loss());
                adapter = outcome.after();
            }
            assertThat(losses.stream().mapToDouble(d -> d).toArray())
                    .containsExactly(numbers(golden.get("losses")), within(1e-4));
            trainer.export(adapter, directory);
        }
        assertTensors(name, golden);
        assertThat(logits(directory)).satisfies(l -> close(l, golden.get("logits_trained"), 2e-4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt-tuning",
                "p-tuning-mlp",
                "p-tuning-lstm",
                "prefix",
                "prefix-projection"
            })
    void whatPeftSavedPredictsTheSameAndIsWrittenTheSame(String name) throws IOException {
        JsonNode golden = TinyModels.json(GRID.resolve(name).resolve("golden.json"));
        close(logits(GRID.resolve(name).resolve("init")), golden.get("logits"), 1e-5);
        close(logits(GRID.resolve(name).resolve("trained")), golden.get("logits_trained"), 1e-5);

        Path original = GRID.resolve(name).resolve("trained");
        PeftDirectory.write(directory, PeftDirectory.read(original).adapter());
        assertThat(directory.resolve(PeftDirectory.TENSORS))
                .hasSameBinaryContentAs(original.resolve(PeftDirectory.TENSORS));
        assertThat(Files.readString(directory.resolve(PeftDirectory.CONFIG)).strip())
                .isEqualTo(Files.readString(original.resolve(PeftDirectory.CONFIG)).strip());
    }

    private static PeftConfig method(String name) {
        return SELECTIVE.containsKey(name)
                ? SELECTIVE.get(name).withTaskType(TaskType.SEQ_CLS)
                : AdapterDirectory.read(GRID.resolve(name).resolve("init")).config();
    }

    /** A fresh adapter, with the values that the reference started from. */
    private static LiveAdapter start(OnlineTrainer trainer, String name) throws IOException {
        LiveAdapter fresh = trainer.create("a");
        Path file = GRID.resolve(name).resolve("init-training.safetensors");
        if (!Files.exists(file)) {
            return fresh;
        }
        AdapterState state = fresh.snapshot();
        Map<String, TensorView> tensors = SafetensorsFile.open(file).tensors();
        Set<String> used = new TreeSet<>();
        for (TensorLayout.Slot slot : fresh.bank().attachment().tensors().slots()) {
            String own = slot.name();
            String theirs = own.equals(VirtualTokens.EMBEDDINGS) ? "embedding.weight" : own;
            float[] values = tensors.get(theirs).toFloats();
            assertThat(values).as(theirs).hasSize(slot.size());
            System.arraycopy(values, 0, state.row(), slot.offset(), values.length);
            used.add(theirs);
        }
        assertThat(used).isEqualTo(new TreeSet<>(tensors.keySet()));
        return trainer.restore(state);
    }

    private void assertTensors(String name, JsonNode golden) throws IOException {
        Path plain = GRID.resolve(name).resolve("trained.safetensors");
        Path peft = GRID.resolve(name).resolve("trained").resolve(PeftDirectory.TENSORS);
        var expected = SafetensorsFile.open(Files.exists(plain) ? plain : peft).tensors();
        var written = SafetensorsFile.open(directory.resolve(PeftDirectory.TENSORS)).tensors();
        assertThat(written.keySet()).isEqualTo(expected.keySet());
        Set<String> leftOut = new TreeSet<>();
        golden.get("left_out").forEach(n -> leftOut.add(n.asText()));
        expected.forEach(
                (tensor, view) -> {
                    if (!leftOut.contains(tensor)) {
                        assertThat(BertTwin.doubles(written.get(tensor).toFloats()))
                                .as(tensor)
                                .containsExactly(BertTwin.doubles(view.toFloats()), within(1e-4));
                    }
                });
    }

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (String line : Files.readAllLines(GRID.resolve("train.jsonl"))) {
            JsonNode json = new ObjectMapper().readTree(line);
            examples.add(
                    new Example(
                            "a",
                            json.get("text").asText(),
                            json.path("text_pair").asText(null),
                            json.path("label").asText(null),
                            null,
                            0,
                            "x",
                            0,
                            0));
        }
        return examples;
    }

    private static List<Example> batch(int step) throws IOException {
        List<Example> examples = examples();
        int from = 4 * step % examples.size();
        return examples.subList(from, from + 4);
    }

    private static List<float[]> logits(Path adapter) throws IOException {
        try (Predictor predictor = Predictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter serving = predictor.load("a", adapter)) {
            return predictor
                    .classify(
                            examples().stream()
                                    .map(
                                            e ->
                                                    new Predictor.Request(
                                                            serving, e.text(), e.textPair()))
                                    .toList())
                    .stream()
                    .map(Classification::logits)
                    .toList();
        }
    }

    private static void close(List<? extends float[]> logits, JsonNode expected, double tolerance) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(BertTwin.doubles(logits.get(i)))
                    .as("line %d", i)
                    .containsExactly(numbers(expected.get(i)), within(tolerance));
        }
    }

    private static double[] numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
