package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.MemoryVersions;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.ModelPredictor;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.ServingAdapter;
import io.flinkpeft.train.TrainerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Language models and embeddings in SQL, on a cluster with the engine that computes. */
@Timeout(600)
class SqlGenerateITCase {

    private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
                            .build());

    private static final Path GPT2 = TinyModels.golden().resolve("grid/gpt2");
    private static final String MODEL = GPT2.resolve("model").toString();
    private static final int NEW_TOKENS = 8;
    private static final int POSITIONS = 64; // of the model
    private static final List<String> TEXTS =
            List.of("Fresh bread with butter", "Heavy rain", "The coach of the team");

    private final String topic = UUID.randomUUID().toString();
    private final MemoryVersions versions = MemoryVersions.topic(topic);
    private StreamTableEnvironment sql;

    @BeforeEach
    void environment() {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        sql = StreamTableEnvironment.create(env);
    }

    @Test
    void aPeftDirectoryContinuesTextsAsTheEngineDoes() throws Exception {
        Path trained = GPT2.resolve("lora/trained");
        createModel("'versions' = 'directory', 'versions.path' = '" + trained + "'");
        view("trained");
        List<String> expected = generated(trained);

        for (String async : List.of("true", "false")) {
            TableResult result = sql.executeSql(predict("generated, served, version", async));

            assertThat(CollectionUtil.iteratorToList(result.collect()))
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(text -> Row.of(text, "trained", 0L)).toList());
            assertThat(tokens(result)).isEqualTo((long) NEW_TOKENS * TEXTS.size());
        }
    }

    @Test
    void publishedVersionsOfALanguageModelServe() {
        AdapterVersion version = train();
        versions.publish(version);
        loadModule(MODEL);
        view("u1");

        var rows = collect("SELECT peft_generate(tenant, body), peft_generate(body) FROM texts");

        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter adapter = predictor.load(version)) {
            List<String> expected = generated(predictor, adapter);
            assertThat(expected).isNotEqualTo(generated(predictor, null));
            assertThat(rows)
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(text -> Row.of(text, text)).toList());
        }
    }

    @Test
    void theFallbackIsThatOfClassification() throws Exception {
        createModel(memory() + ", 'fallback' = 'base'");
        view("u9");

        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128)) {
            assertThat(collect(predict("generated, served", "true")))
                    .containsExactlyInAnyOrderElementsOf(
                            generated(predictor, null).stream()
                                    .map(text -> Row.of(text, null))
                                    .toList());
        }
        sql.executeSql("DROP MODEL m");
        createModel(memory() + ", 'fallback' = 'null'");
        assertThat(collect(predict("generated, served", "true"))).containsOnly(Row.of(null, null));
        sql.executeSql("DROP MODEL m");
        createModel(memory());
        assertThat(SqlJobs.failure(sql, predict("generated", "true")))
                .contains("Adapter (u9) must have a version that can serve.");
    }

    @Test
    void anEmptyTextIsNotContinuedAndANullGivesNull() {
        createModel(memory() + ", 'fallback' = 'base'");
        sql.executeSql(
                "CREATE TEMPORARY VIEW texts AS SELECT * FROM"
                        + " (VALUES ('u1', ''), ('u1', CAST(NULL AS STRING))) AS v(tenant, body)");

        assertThat(collect(predict("generated, served, finish_reason, truncated", "true")))
                .containsExactlyInAnyOrder(
                        Row.of("", null, "no-text", false), Row.of(null, null, null, null));
    }

    @Test
    void aContinuationThatFindsNoPositionSaysSo() {
        createModel(memory() + ", 'fallback' = 'base'");
        sql.executeSql(
                "CREATE TEMPORARY VIEW texts AS SELECT * FROM (VALUES ('u1', '"
                        + "rain ".repeat(POSITIONS)
                        + "'), ('u1', 'rain')) AS v(tenant, body)");

        assertThat(collect(predict("finish_reason, truncated", "true")))
                .containsExactlyInAnyOrder(
                        Row.of("positions", true), Row.of("max-new-tokens", false));
    }

    @Test
    void embeddingsComeAsArrays() {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        loadModule(TinyVersions.MODEL);
        sql.executeSql(
                "CREATE MODEL m INPUT (adapter STRING, text STRING)"
                        + " OUTPUT (embedding ARRAY<FLOAT>, served STRING, version BIGINT)"
                        + " WITH ('provider' = 'flink-peft', 'task' = 'embed', 'model' = '"
                        + TinyVersions.MODEL
                        + "', 'device' = 'cpu', 'dtype' = 'fp32', "
                        + memory()
                        + ")");
        view("u1");

        var rows =
                collect(
                        "SELECT embedding = peft_embed(tenant, body), CARDINALITY(embedding) > 1,"
                                + " served, version FROM ML_PREDICT(TABLE texts, MODEL m,"
                                + " DESCRIPTOR(tenant, body))");

        assertThat(rows).hasSize(TEXTS.size()).containsOnly(Row.of(true, true, "u1", 1L));
    }

    /** What the engine continues with; GoldenGridTest compares its tokens with transformers. */
    private static List<String> generated(Path adapter) {
        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter serving = predictor.load("a", adapter)) {
            return generated(predictor, serving);
        }
    }

    private static List<String> generated(ModelPredictor predictor, ServingAdapter adapter) {
        var requests =
                TEXTS.stream()
                        .map(text -> new Request<ServingAdapter>(adapter, text, null))
                        .toList();
        return Predicted.texts(predictor, requests, Decoding.greedy(NEW_TOKENS)).stream()
                .map(generation -> generation.text())
                .toList();
    }

    private static AdapterVersion train() {
        var config =
                TrainerConfig.of(MODEL, new LoraConfig(2, 2))
                        .withTask(new CausalLmTask())
                        .withDtype("fp32")
                        .withOptimizer(new OptimizerConfig(0.1, 0, 0, 0.5, 0.999, 1e-8, 10));
        try (var trainer = OnlineTrainer.open(config)) {
            LiveAdapter adapter = trainer.create("u1");
            for (int i = 0; i < 20; i++) {
                var example =
                        new Example("u1", TEXTS.get(0), null, null, "rain rain", 0, null, -1, -1);
                var batch = new Batch(adapter, List.of(example), List.of());
                LiveAdapter after = trainer.step(List.of(batch)).get(0).after();
                adapter.close();
                adapter = after;
            }
            AdapterVersion version = trainer.version(adapter);
            adapter.close();
            return version;
        }
    }

    private void createModel(String versions) {
        sql.executeSql(
                "CREATE MODEL m INPUT (adapter STRING, text STRING)"
                        + " OUTPUT (generated STRING, served STRING, version BIGINT, finish_reason"
                        + " STRING, truncated BOOLEAN)"
                        + " WITH ('provider' = 'flink-peft', 'task' = 'generate', 'max-new-tokens'"
                        + " = '%d', 'model' = '%s', 'device' = 'cpu', 'dtype' = 'fp32', %s)"
                                .formatted(NEW_TOKENS, MODEL, versions));
    }

    private void loadModule(String model) {
        sql.executeSql(
                "LOAD MODULE `flink-peft` WITH ('model' = '%s', 'device' = 'cpu', 'dtype' = 'fp32', 'adapter' = 'u1', 'max-new-tokens' = '%d', %s)"
                        .formatted(model, NEW_TOKENS, memory()));
    }

    private String memory() {
        return "'versions' = 'memory', 'versions.topic' = '" + topic + "'";
    }

    private void view(String tenant) {
        var rows = new ArrayList<String>();
        TEXTS.forEach(text -> rows.add("('" + tenant + "', '" + text + "')"));
        sql.executeSql(
                "CREATE TEMPORARY VIEW texts AS SELECT * FROM (VALUES "
                        + String.join(", ", rows)
                        + ") AS v(tenant, body)");
    }

    private static String predict(String columns, String async) {
        return "SELECT %s FROM ML_PREDICT(TABLE texts, MODEL m, DESCRIPTOR(tenant, body), MAP['async', '%s'])"
                .formatted(columns, async);
    }

    private List<Row> collect(String query) {
        return CollectionUtil.iteratorToList(sql.executeSql(query).collect());
    }

    private static long tokens(TableResult result) {
        var job = result.getJobClient().orElseThrow().getJobID();
        String name = ".*\\.peft\\.predict\\." + PredictMetrics.GENERATED_TOKENS;
        return REPORTER.findMetrics(job, name).values().stream()
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }
}
