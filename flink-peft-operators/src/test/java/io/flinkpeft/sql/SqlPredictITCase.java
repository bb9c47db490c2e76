package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.testing.MemoryVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ML_PREDICT} on a cluster with the engine that computes. */
@Timeout(600)
@SuppressWarnings("try") // Flink's iterators may throw InterruptedException when closed
class SqlPredictITCase {

    private static final InMemoryReporter REPORTER = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(REPORTER.addToConfiguration(new Configuration()))
                            .build());

    private static final String FOUR_ROWS =
            "('u1', 'one'), ('u2', 'two'), ('u1', 'three'), ('u2', CAST(NULL AS STRING))";

    private final String topic = UUID.randomUUID().toString();
    private final MemoryVersions versions = MemoryVersions.topic(topic);
    private StreamTableEnvironment sql;

    @BeforeEach
    void stream() { // not earlier: until then environments are of clusters of their own
        sql = environment(RuntimeExecutionMode.STREAMING);
    }

    @AfterEach
    void nothingIsLeftBehind() {
        await().untilAsserted(() -> assertThat(versions.subscriptions()).isZero());
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("flink-peft-predict"));
    }

    @ParameterizedTest
    @CsvSource({
        "STREAMING, true, ALLOW_UNORDERED",
        "STREAMING, false, ORDERED",
        "BATCH, true, ORDERED",
        "BATCH, false, ORDERED",
    })
    void everyRowIsPredictedByItsAdaptersVersion(
            RuntimeExecutionMode mode, String async, String order) {
        sql = environment(mode);
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        versions.publish(TinyVersions.version("u2", 3, "beta"));
        createModel("");
        view(FOUR_ROWS);

        var rows =
                predict(
                        "label, score > 0.5, served, version, CARDINALITY(scores)",
                        "MAP['async', '" + async + "', 'output-mode', '" + order + "']");

        assertThat(rows)
                .containsExactlyInAnyOrder(
                        Row.of("alpha", true, "u1", 1L, 1),
                        Row.of("alpha", true, "u1", 1L, 1),
                        Row.of("beta", true, "u2", 3L, 1),
                        Row.of(null, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void predictionsFollowTheVersionsWhileTheQueryRuns(String async) throws Exception {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        createModel("");
        sql.executeSql(
                "CREATE TABLE clicks (id BIGINT, tenant AS 'u1', body AS 'text')"
                        + " WITH ('connector' = 'datagen', 'rows-per-second' = '200')");
        TableResult result =
                sql.executeSql(
                        "SELECT label, served, version FROM ML_PREDICT(TABLE clicks, MODEL m,"
                                + " DESCRIPTOR(tenant, body), MAP['async', '%s'])"
                                        .formatted(async));

        try (var rows = result.collect()) {
            var seen = new ArrayList<Row>();
            seen.add(rows.next());
            versions.publish(TinyVersions.version("u1", 2, "beta"));
            while (!seen.get(seen.size() - 1).equals(Row.of("beta", "u1", 2L))) {
                seen.add(rows.next());
            }
            assertThat(seen).extracting(row -> (Long) row.getField(2)).isSorted();
            assertThat(seen)
                    .allMatch(
                            row ->
                                    row.getField(0)
                                            .equals(row.getField(2).equals(1L) ? "alpha" : "beta"));

            versions.publish(TinyVersions.version("u1", 1, "alpha")); // a roll-back
            while (!rows.next().equals(Row.of("alpha", "u1", 1L))) {
                assertThat(versions.subscriptions()).isEqualTo(1);
            }
            versions.publish(TinyVersions.ofAnotherBase("u1", 5, "beta"));
            for (int i = 0; i < 50; i++) {
                assertThat(rows.next()).isEqualTo(Row.of("alpha", "u1", 1L));
            }
            assertMetric(result, PredictMetrics.VERSION_SWAPS, 2L);
            assertMetric(result, PredictMetrics.REFUSED_VERSIONS, 1L);
            assertMetric(result, PredictMetrics.ADAPTERS_ON_DEVICE, 1);
        }
    }

    @Test
    void anUnknownAdapterFailsTheQueryByName() throws Exception {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        createModel("");
        view("('u1', 'one'), ('u9', 'nine')");

        for (String async : List.of("true", "false")) {
            assertThat(SqlJobs.failure(sql, predictSql("label", "MAP['async', '" + async + "']")))
                    .contains("Adapter (u9) must have a version that can serve.");
        }
    }

    @Test
    void aRefusedVersionFailsTheQueryWithTheReason() throws Exception {
        versions.publish(TinyVersions.ofAnotherBase("u1", 1, "alpha"));
        createModel("");
        view("('u1', 'one')");

        assertThat(SqlJobs.failure(sql, predictSql("label", "MAP['async', 'true']")))
                .contains("Its newest was refused: Adapter u1@1 was trained on base");
    }

    @Test
    void theFallbackGivesNullsForAnUnknownAdapter() {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        createModel(", 'fallback' = 'null'");
        // a null makes VALUES a union of sources, whose rows come in any order
        view("('u1', 'one'), ('u9', 'nine'), (CAST(NULL AS STRING), 'none')");

        assertThat(predict("tenant, label, served, version", "MAP['async', 'true']"))
                .containsExactlyInAnyOrder(
                        Row.of("u1", "alpha", "u1", 1L),
                        Row.of("u9", null, null, null),
                        Row.of(null, null, null, null));
    }

    @Test
    void aModelMayHaveTheTextAloneAndAnAdapterForEachQuery() {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        versions.publish(TinyVersions.version("u2", 1, "beta"));
        sql.executeSql(
                "CREATE MODEL m INPUT (body STRING) OUTPUT (label STRING) WITH (%s, 'adapter' = 'u1')"
                        .formatted(options("")));
        view("('x', 'one')");
        String query =
                "SELECT label FROM ML_PREDICT(TABLE tickets, MODEL m, DESCRIPTOR(body), MAP[%s])";

        assertThat(collect(query.formatted("'async', 'true'"))).containsExactly(Row.of("alpha"));
        assertThat(collect(query.formatted("'adapter', 'u2'"))).containsExactly(Row.of("beta"));
    }

    @Test
    void subtasksShareOneSubscriptionAndCountWhatTheyDo() throws Exception {
        sql.getConfig().set("parallelism.default", "2");
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        createModel("");
        sql.executeSql(
                "CREATE TABLE clicks (id BIGINT, tenant AS 'u1', body AS 'text')"
                        + " WITH ('connector' = 'datagen', 'rows-per-second' = '2000')");
        TableResult result =
                sql.executeSql(
                        "SELECT label FROM ML_PREDICT(TABLE clicks, MODEL m,"
                                + " DESCRIPTOR(tenant, body),"
                                + " MAP['async', 'true', 'max-concurrent-operations', '64'])");

        try (var rows = result.collect()) {
            for (int i = 0; i < 300; i++) {
                rows.next();
            }
            assertThat(versions.subscriptions()).isEqualTo(1);
            long batches = // first: all goes on
                    metrics(result, PredictMetrics.BATCHES).stream()
                            .mapToLong(m -> ((Counter) m).getCount())
                            .sum();
            var counters = metrics(result, PredictMetrics.PREDICTIONS);
            assertThat(counters).hasSize(2);
            long predictions = counters.stream().mapToLong(m -> ((Counter) m).getCount()).sum();
            assertThat(predictions).isGreaterThanOrEqualTo(300);
            assertThat(batches).isLessThan(predictions);
        }
    }

    @Test
    void everyMetricIsRegistered() throws Exception {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        createModel("");
        view("('u1', 'one')");
        TableResult result = sql.executeSql(predictSql("label", "MAP['async', 'true']"));
        CollectionUtil.iteratorToList(result.collect());

        for (var field : PredictMetrics.class.getFields()) {
            String name = (String) field.get(null);
            assertThat(metrics(result, name)).as(name).hasSize(1);
        }
        var lag = (Gauge<?>) metrics(result, PredictMetrics.VERSION_LAG_MILLIS).get(0);
        assertThat((Long) lag.getValue()).isPositive();
    }

    @Test
    void theScalarFunctionClassifiesInStreamingAndBatch() {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        versions.publish(TinyVersions.version("u2", 1, "beta"));
        for (var mode : List.of(RuntimeExecutionMode.STREAMING, RuntimeExecutionMode.BATCH)) {
            sql = environment(mode);
            sql.executeSql(
                    "LOAD MODULE `flink-peft` WITH (%s, 'adapter' = 'u1')"
                            .formatted(options("").replace("'provider' = 'flink-peft', ", "")));
            view(FOUR_ROWS);

            assertThat(
                            collect(
                                    "SELECT tenant, peft_classify(tenant, body),"
                                            + " peft_classify(body) FROM tickets"))
                    .containsExactlyInAnyOrder(
                            Row.of("u1", "alpha", "alpha"),
                            Row.of("u1", "alpha", "alpha"),
                            Row.of("u2", "beta", "alpha"),
                            Row.of("u2", null, null));
        }
    }

    private static StreamTableEnvironment environment(RuntimeExecutionMode mode) {
        var settings =
                mode == RuntimeExecutionMode.BATCH
                        ? EnvironmentSettings.inBatchMode()
                        : EnvironmentSettings.inStreamingMode();
        var sql =
                StreamTableEnvironment.create(
                        StreamExecutionEnvironment.getExecutionEnvironment(), settings);
        sql.getConfig().set("parallelism.default", "1");
        return sql;
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aTextThatIsCutSaysSoAndIsCounted(String async) {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        createModel(", 'max-tokens' = '8', 'fallback' = 'null'");
        view("('u1', 'one'), ('u1', 'one two three four five six seven'), ('u9', 'one')");
        TableResult result =
                sql.executeSql(predictSql("label, truncated", "MAP['async', '" + async + "']"));

        assertThat(CollectionUtil.iteratorToList(result.collect()))
                .containsExactlyInAnyOrder(
                        Row.of("alpha", false), Row.of("alpha", true), Row.of(null, null));
        assertThat(metrics(result, PredictMetrics.TRUNCATED_TEXTS))
                .singleElement()
                .extracting(counter -> ((Counter) counter).getCount())
                .isEqualTo(1L);
    }

    @Test
    void theColumnCalledAdapterIsNeverTheText() {
        versions.publish(TinyVersions.version("u1", 1, "alpha"));
        sql.executeSql(
                "CREATE MODEL m INPUT (body STRING, adapter STRING) OUTPUT (label STRING, served"
                        + " STRING) WITH (%s)".formatted(options("")));
        sql.executeSql(
                "CREATE TEMPORARY VIEW tickets AS SELECT * FROM (VALUES ('one', 'u1'))"
                        + " AS v(tenant, body)");
        assertThat(predict("label, served", "MAP['async', 'false']"))
                .containsExactly(Row.of("alpha", "u1"));
    }

    private void createModel(String more) {
        sql.executeSql(
                "CREATE MODEL m INPUT (adapter STRING, text STRING) OUTPUT (label STRING, score"
                        + " DOUBLE, served STRING, version BIGINT, scores MAP<STRING, DOUBLE>,"
                        + " truncated BOOLEAN) WITH (%s)".formatted(options(more)));
    }

    private String options(String more) {
        return "'provider' = 'flink-peft', 'model' = '%s', 'device' = 'cpu', 'dtype' = 'fp32', 'versions' = 'memory', 'versions.topic' = '%s'%s"
                .formatted(TinyVersions.MODEL, topic, more);
    }

    private void view(String rows) {
        sql.executeSql(
                "CREATE TEMPORARY VIEW tickets AS SELECT * FROM (VALUES %s) AS v(tenant, body)"
                        .formatted(rows));
    }

    private List<Row> predict(String columns, String configuration) {
        return collect(predictSql(columns, configuration));
    }

    private static String predictSql(String columns, String configuration) {
        return "SELECT %s FROM ML_PREDICT(TABLE tickets, MODEL m, DESCRIPTOR(tenant, body), %s)"
                .formatted(columns, configuration);
    }

    private List<Row> collect(String query) {
        return CollectionUtil.iteratorToList(sql.executeSql(query).collect());
    }

    private static void assertMetric(TableResult result, String name, Object value) {
        assertThat(metrics(result, name))
                .singleElement()
                .extracting(metric -> ((Gauge<?>) metric).getValue())
                .isEqualTo(value);
    }

    private static List<Metric> metrics(TableResult result, String name) {
        var job = result.getJobClient().orElseThrow().getJobID();
        return REPORTER.findMetrics(job, ".*\\.peft\\.predict\\." + name).values().stream()
                .toList();
    }
}
