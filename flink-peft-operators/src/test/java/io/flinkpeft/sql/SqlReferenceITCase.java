package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ML_PREDICT} gives the probabilities that transformers and PEFT give. */
@Timeout(120)
class SqlReferenceITCase {

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final List<String> LABELS = List.of("food", "weather", "sport");

    @Test
    void theBasesOwnHeadPredictsWhenThatIsAskedFor() throws Exception {
        var rows = predict("'versions' = 'none', 'fallback' = 'base'");

        assertProbabilities(rows, json("tiny-bert-cls/golden.json").get("logits"));
        assertThat(rows)
                .allMatch(row -> row.getField("served") == null && row.getField("version") == null);
    }

    private static List<Row> predict(String options) throws Exception {
        var sql = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        sql.getConfig().set("parallelism.default", "1");
        sql.executeSql(
                "CREATE MODEL m INPUT (adapter STRING, text STRING, text_pair STRING) OUTPUT (label STRING, scores MAP<STRING, DOUBLE>, served STRING, version BIGINT) WITH ('provider' = 'flink-peft', 'model' = '%s', 'device' = 'cpu', 'dtype' = 'fp32', %s)"
                        .formatted(GOLDEN.resolve("tiny-bert-cls"), options));
        var values = new ArrayList<String>();
        for (JsonNode sentence : json("tiny-bert-cls/golden.json").get("sentences")) {
            values.add(
                    "(%d, 'trained', %s, %s)"
                            .formatted(
                                    values.size(),
                                    literal(sentence.get("text")),
                                    literal(sentence.get("text_pair"))));
        }
        sql.executeSql(
                "CREATE TEMPORARY VIEW texts AS SELECT * FROM (VALUES "
                        + String.join(", ", values)
                        + ") AS v(n, adapter, text, text_pair)");
        var rows =
                CollectionUtil.iteratorToList(
                        sql.executeSql(
                                        "SELECT n, label, scores, served, version FROM ML_PREDICT(TABLE texts,"
                                                + " MODEL m, DESCRIPTOR(adapter, text, text_pair))")
                                .collect());
        rows.sort(Comparator.comparing(row -> row.<Integer>getFieldAs("n"))); // VALUES has no order
        return rows;
    }

    private static String literal(JsonNode text) {
        return text.isNull()
                ? "CAST(NULL AS STRING)"
                : "'" + text.asText().replace("'", "''") + "'";
    }

    private static void assertProbabilities(List<Row> rows, JsonNode logits) {
        assertThat(rows).hasSize(logits.size());
        for (int i = 0; i < rows.size(); i++) {
            double sum = 0;
            for (JsonNode logit : logits.get(i)) {
                sum += Math.exp(logit.asDouble());
            }
            Map<String, Double> scores = rows.get(i).getFieldAs("scores");
            double best = 0;
            for (int k = 0; k < LABELS.size(); k++) {
                double expected = Math.exp(logits.get(i).get(k).asDouble()) / sum;
                // the reference's own fp32 and fp64 differ by up to 1e-6
                assertThat(scores.get(LABELS.get(k))).isCloseTo(expected, within(1e-5));
                best = Math.max(best, expected);
            }
            assertThat(scores.get(rows.get(i).<String>getFieldAs("label")))
                    .isCloseTo(best, within(1e-5));
        }
    }

    private static JsonNode json(String name) throws Exception {
        return new ObjectMapper().readTree(GOLDEN.resolve(name).toFile());
    }
}
