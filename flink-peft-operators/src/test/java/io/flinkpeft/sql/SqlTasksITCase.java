package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Adapters of PEFT for numbers and for several labels say in SQL what PEFT computes. */
@Timeout(600)
class SqlTasksITCase {

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXTS = 3; // of one part each

    @Test
    void aNumberIsThatOfPeft() throws IOException {
        Path golden = golden("bert-regression");
        var rows = predict(golden, "regress", "`value` DOUBLE, `values` MAP<STRING, DOUBLE>");

        for (int i = 0; i < TEXTS; i++) {
            double expected = logits(golden).get(i).get(0).asDouble();
            Row row = rows.get(text(golden, i));
            assertThat((Double) row.getField("value")).isCloseTo(expected, within(1e-5));
            assertThat(row.<Map<String, Double>>getFieldAs("values"))
                    .containsOnlyKeys("stars")
                    .allSatisfy(
                            (name, value) -> assertThat(value).isCloseTo(expected, within(1e-5)));
        }
    }

    @Test
    void labelsAreThoseWithAPositiveLogitOfPeft() throws IOException {
        Path golden = golden("bert-labels");
        var rows =
                predict(golden, "multi-label", "labels ARRAY<STRING>, scores MAP<STRING, DOUBLE>");
        List<String> names = List.of("food", "weather", "sport");

        for (int i = 0; i < TEXTS; i++) {
            JsonNode logits = logits(golden).get(i);
            Row row = rows.get(text(golden, i));
            assertThat(row.<String[]>getFieldAs("labels"))
                    .containsExactlyInAnyOrderElementsOf(
                            names.stream()
                                    .filter(name -> logits.get(names.indexOf(name)).asDouble() > 0)
                                    .toList());
            Map<String, Double> scores = row.getFieldAs("scores");
            for (String name : names) {
                double logit = logits.get(names.indexOf(name)).asDouble();
                assertThat(scores.get(name)).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-5));
            }
        }
    }

    private static Path golden(String name) {
        return TinyModels.golden().resolve("grid").resolve(name);
    }

    private static JsonNode logits(Path golden) throws IOException {
        return JSON.readTree(golden.resolve("lora/golden.json").toFile()).get("logits_trained");
    }

    private static String text(Path golden, int line) throws IOException {
        var lines = Files.readAllLines(golden.resolve("train.jsonl"));
        return JSON.readTree(lines.get(line)).get("text").asText();
    }

    /** The row of each text. */
    private static Map<String, Row> predict(Path golden, String task, String columns)
            throws IOException {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        var sql = StreamTableEnvironment.create(env);
        sql.executeSql(
                """
                CREATE MODEL m INPUT (adapter STRING, text STRING) OUTPUT (%s) WITH (
                  'provider' = 'flink-peft', 'task' = '%s', 'model' = '%s',
                  'versions' = 'directory', 'versions.path' = '%s')
                """
                        .formatted(
                                columns,
                                task,
                                golden.resolve("model"),
                                golden.resolve("lora/trained")));
        var texts = new StringBuilder();
        for (int i = 0; i < TEXTS; i++) {
            texts.append(i == 0 ? "" : ", ").append("('trained', '");
            texts.append(text(golden, i).replace("'", "''")).append("')");
        }
        sql.executeSql(
                "CREATE TEMPORARY VIEW texts AS SELECT * FROM (VALUES "
                        + texts
                        + ") AS v(tenant, body)");
        var rows = new HashMap<String, Row>();
        CollectionUtil.iteratorToList(
                        sql.executeSql(
                                        "SELECT * FROM ML_PREDICT(TABLE texts, MODEL m,"
                                                + " DESCRIPTOR(tenant, body))")
                                .collect())
                .forEach(row -> rows.put(row.getFieldAs("body"), row));
        return rows;
    }
}
