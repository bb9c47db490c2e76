package io.flinkpeft.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Numbers;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.Vector;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import io.flinkpeft.train.TrainerConfig;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine that computes, with adapters of different shapes. */
class TriedPredictorTest {

    private static final String MODEL = "src/test/resources/golden/tiny-bert-cls";
    private static final Path GOLDEN = TinyModels.golden();
    private static final ServingConfig CONFIG =
            new ServingConfig(
                    MODEL,
                    "cpu",
                    "fp32",
                    64,
                    "classify",
                    64,
                    1,
                    new VersionsConfig("none", Map.of()));

    private static Predictor engine;

    @BeforeAll
    static void open() {
        engine = TriedPredictor.open(CONFIG);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @Test
    void aMixedBatchGivesWhatEachAdapterGivesAlone() {
        try (var small = engine.load(train("u1", 2, List.of("cold", "hot")));
                var large = engine.load(train("u2", 4, List.of("red", "green", "blue")))) {
            var requests =
                    List.of(
                            new Request<ServingAdapter>(small, "Fresh bread with butter.", null),
                            new Request<ServingAdapter>(large, "Heavy rain.", null),
                            new Request<ServingAdapter>(
                                    engine.alone(), "The coach of the team", null),
                            new Request<ServingAdapter>(small, "Heavy rain.", "and snow"));

            var together = classify(engine, requests);
            for (int i = 0; i < requests.size(); i++) {
                Label alone = classify(engine, List.of(requests.get(i))).get(0);
                assertThat(together.get(i).labels()).isEqualTo(alone.labels());
                // a GEMM over other rows may round otherwise in the last bits
                assertThat(together.get(i).logits()).containsExactly(alone.logits(), within(1e-5f));
            }
            assertThat(together.get(0).labels()).containsExactly("cold", "hot");
            assertThat(together.get(1).labels()).containsExactly("red", "green", "blue");
            assertThat(together.get(2).labels()).containsExactly("food", "weather", "sport");
        }
    }

    @Test
    void anAdapterServesAnotherEngineToo() {
        try (var loaded = engine.load(train("u1", 2, List.of("cold", "hot")));
                var other = TriedPredictor.open(CONFIG)) {
            var request = List.of(new Request<ServingAdapter>(loaded, "Heavy rain.", null));

            assertThat(classify(other, request).get(0).logits())
                    .isEqualTo(classify(engine, request).get(0).logits());
        }
    }

    @Test
    void embeddingsAreThePooledFeaturesOfPeftAtLengthOne() throws Exception {
        Path directory = GOLDEN.resolve("feature-extraction");
        JsonNode expected =
                TinyModels.json(directory.resolve("golden.json")).get("encoder-linear_mean_pooled");
        JsonNode sentences = TinyModels.json(Path.of(MODEL, "golden.json")).get("sentences");
        try (var embedding = TriedPredictor.open(CONFIG.with("embed"));
                var own = embedding.load("u1", directory.resolve("encoder-linear"))) {
            var requests = new ArrayList<Request<ServingAdapter>>();
            for (JsonNode sentence : sentences) {
                String pair = sentence.path("text_pair").asText(null);
                requests.add(new Request<ServingAdapter>(own, sentence.get("text").asText(), pair));
            }
            requests.add(
                    new Request<ServingAdapter>(embedding.alone(), requests.get(0).text(), null));
            var vectors =
                    embedding.predict(requests).stream()
                            .map(prediction -> ((Vector) prediction).values())
                            .toList();

            for (int i = 0; i < expected.size(); i++) {
                assertThat(vectors.get(i)).containsExactly(unit(expected.get(i)), within(1e-5f));
            }
            assertThat(vectors.get(expected.size())).isNotEqualTo(vectors.get(0)); // the base
        }
    }

    private static float[] unit(JsonNode vector) {
        double sum = 0;
        for (JsonNode value : vector) {
            sum += value.asDouble() * value.asDouble();
        }
        float[] unit = new float[vector.size()];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector.get(i).asDouble() / Math.sqrt(sum));
        }
        return unit;
    }

    @Test
    void anAdapterOfAnotherTaskIsAnIllegalArgument() {
        AdapterVersion version = train("u1", 2, List.of("cold"));
        try (var generating = TriedPredictor.open(CONFIG.with("generate"))) {
            assertThatThrownBy(() -> generating.load(version))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "Adapter "
                                    + version.name()
                                    + " was trained for another task (STREAM), must serve for"
                                    + " task (generate).");
        }
    }

    private static List<Label> classify(Predictor engine, List<Request<ServingAdapter>> requests) {
        return engine.predict(requests).stream().map(Label.class::cast).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"problem_type\": \"multi_label_classification\"",
                "\"problem_type\": \"regression\""
            })
    void aHeadThatGivesSomethingElseThanOneLabelIsRefused(String type, @TempDir Path copy)
            throws Exception {
        try (var files = Files.list(Path.of(MODEL))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path json = copy.resolve("config.json");
        String config = Files.readString(json).replaceAll("\"problem_type\": [^,]*,", "");
        Files.writeString(json, config.replaceFirst("\\{", "{ " + type + ","));
        var other = config(copy.toString(), "classify");
        try (var serving = TriedPredictor.open(other);
                var stream = serving.load(train("u1", 2, List.of("cold", "hot")))) {
            assertThatThrownBy(serving::alone)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("problem_type");
            var request = new Request<ServingAdapter>(stream, "Heavy rain.", null);
            assertThat(classify(serving, List.of(request)).get(0).label()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "deberta-v2", "gpt2", "llama", "bart", "t5"})
    void aBaseOfAnyArchitectureShowsThatItWorks(String base) {
        String model = GOLDEN.resolve("grid/" + base + "/model").toString();
        try (var any = TriedPredictor.open(config(model, "embed"))) {
            any.check(new IllegalStateException("a text's fault"));
            if (!List.of("bart", "t5").contains(base)) { // no vectors of these
                any.alone();
            }
        }
    }

    @Test
    void aRegressionServesAsOneAndNotAsAClassifier() throws Exception {
        var grid = GOLDEN.resolve("grid/bert-regression");
        var settings = config(grid.resolve("model").toString(), "regress");
        try (var serving = TriedPredictor.open(settings);
                var trained = serving.load("a", grid.resolve("lora/trained"))) {
            var requests = List.of(new Request<>(trained, "Heavy rain.", null));
            assertThat(serving.predict(requests).get(0)).isInstanceOf(Numbers.class);
            assertThat(serving.predict(List.of(requests.get(0).to(serving.alone()))).get(0))
                    .isInstanceOf(Numbers.class);
        }
        try (var classifying = TriedPredictor.open(settings.with("classify"))) {
            assertThatThrownBy(() -> classifying.load("a", grid.resolve("lora/trained")))
                    .hasMessageContaining("was trained for another task (REGRESSION)");
            assertThatThrownBy(classifying::alone).hasMessageContaining("problem_type");
        }
    }

    @Test
    void aBaseWithoutAHeadIsRefusedAsAFallback() {
        try (var generating = TriedPredictor.open(CONFIG.with("generate"))) {
            assertThatThrownBy(generating::alone).isInstanceOf(IllegalArgumentException.class);
        }
        engine.alone();
    }

    @Test
    void generationEndsWhenTheThreadIsInterrupted() {
        var model = GOLDEN.resolve("grid/gpt2/model").toString();
        try (var generating = TriedPredictor.open(config(model, "generate"))) {
            var requests = List.of(new Request<>(generating.alone(), "Heavy rain", null));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> generating.predict(requests))
                    .isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(generating.predict(requests)).hasSize(1);
            generating.alone();
            generating.check(new IllegalStateException("a text's fault"));
        }
    }

    private static ServingConfig config(String model, String task) {
        return new ServingConfig(
                model, "cpu", "fp32", 64, task, 8, 1, new VersionsConfig("none", Map.of()));
    }

    @Test
    void loadingAdaptersTakesNoDirectMemoryEachTime() {
        AdapterVersion version = train("u1", 2, List.of("cold"));
        engine.load(version).close();
        var direct =
                ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                        .filter(pool -> pool.getName().equals("direct"))
                        .findFirst()
                        .orElseThrow();
        long before = direct.getCount();
        for (int i = 0; i < 100; i++) {
            engine.load(version).close();
        }
        assertThat(direct.getCount()).isLessThan(before + 20);
    }

    @Test
    void aTextThatIsTooLongSaysSo() {
        for (String task : List.of("classify", "embed")) {
            try (var other = TriedPredictor.open(CONFIG.with(task))) {
                var brief = new Request<>(other.alone(), "Heavy rain.", null);
                var lengthy = new Request<>(other.alone(), "Heavy rain. ".repeat(100), null);
                assertThat(other.predict(List.of(lengthy, brief, lengthy)))
                        .extracting(Prediction::truncated)
                        .containsExactly(true, false, true);
            }
        }
    }

    @Test
    void aCorruptPayloadIsAnIllegalArgument() {
        AdapterVersion whole = train("u1", 2, List.of("cold"));
        byte[] payload = whole.payload().clone();
        payload[payload.length / 2] ^= 1;
        var corrupt =
                new AdapterVersion(
                        whole.adapterId(),
                        whole.step(),
                        whole.parentStep(),
                        whole.baseHash(),
                        whole.method(),
                        whole.numerics(),
                        whole.lineage(),
                        whole.metrics(),
                        payload,
                        whole.sha256());

        assertThatThrownBy(() -> engine.load(corrupt))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("u1@1")
                .hasMessageContaining("SHA-256");
    }

    private static AdapterVersion train(String adapterId, int rank, List<String> labels) {
        var config = TrainerConfig.of(MODEL, new LoraConfig(rank, rank));
        try (var trainer = OnlineTrainer.open(config);
                LiveAdapter before = trainer.create(adapterId)) {
            var examples =
                    labels.stream()
                            .map(label -> Example.labelled(adapterId, "It is " + label, label))
                            .toList();
            var batch = new Batch(before, examples, List.of());
            try (LiveAdapter after = trainer.step(List.of(batch)).get(0).after()) {
                return trainer.version(after);
            }
        }
    }

    @Test
    void notesWhatPredictNotes(@TempDir Path dir) throws Exception {
        Path trained = GOLDEN.resolve("lora-qv/trained");
        String settings = Files.readString(trained.resolve("adapter_config.json"));
        Files.copy(
                trained.resolve("adapter_model.safetensors"),
                dir.resolve("adapter_model.safetensors"));
        Files.writeString(
                dir.resolve("adapter_config.json"),
                settings.replaceFirst("\\{", "{\"from_tomorrow\": 1,")
                        .replaceFirst(
                                "(\"base_model_name_or_path\": )[^,]*", "$1\"someone/other\""));
        try (var loaded = engine.load("a", dir)) {
            String adapter = "Adapter " + dir;
            assertThat(loaded.notes()).hasSize(2);
            assertThat(loaded.notes().get(0))
                    .isEqualTo(
                            adapter
                                    + ": adapter_config.json: from_tomorrow (1) is ignored, PEFT"
                                    + " 0.21.0 does not know it.");
            assertThat(loaded.notes().get(1))
                    .startsWith(adapter + " names base model someone/other, the model is ");
        }
    }
}
