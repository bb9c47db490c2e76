package io.flinkpeft.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CollectionUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code ML_PREDICT} gives the probabilities that transformers and PEFT give. */
@Timeout(600)
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

    @Test
    void aPeftDirectoryPredictsUnderItsName() throws Exception {
        var path = GOLDEN.resolve("lora-qv");
        var rows = predict("'versions' = 'directory', 'versions.path' = '" + path + "'");

        assertProbabilities(rows, json("lora-qv/golden.json").get("logits_after"));
        assertThat(rows).allMatch(row -> "trained".equals(row.getField("served")));
        assertThat(rows).allMatch(row -> Long.valueOf(0).equals(row.getField("version")));
    }

    private static List<Row> predict(String options) throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        var sql = StreamTableEnvironment.create(env);
        var texts = new ArrayList<Row>();
        for (JsonNode sentence : json("tiny-bert-cls/golden.json").get("sentences")) {
            texts.add(Row.of("trained", text(sentence, "text"), text(sentence, "text_pair")));
        }
        sql.createTemporaryView(
                "texts",
                sql.fromDataStream(
                        env.fromData(
                                Types.ROW(Types.STRING, Types.STRING, Types.STRING),
                                texts.toArray(Row[]::new))));
        sql.executeSql(
                """
                CREATE MODEL m
                INPUT (adapter STRING, text STRING, text_pair STRING)
                OUTPUT (label STRING, scores MAP<STRING, DOUBLE>, served STRING, version BIGINT)
                WITH ('provider' = 'flink-peft', 'model' = '%s', 'device' = 'cpu',
                      'dtype' = 'fp32', %s)
                """
                        .formatted(GOLDEN.resolve("tiny-bert-cls"), options));
        return CollectionUtil.iteratorToList(
                sql.executeSql(
                                "SELECT label, scores, served, version FROM ML_PREDICT(TABLE texts,"
                                        + " MODEL m, DESCRIPTOR(f0, f1, f2))")
                        .collect());
    }

    private static String text(JsonNode sentence, String key) {
        return sentence.get(key).isNull() ? null : sentence.get(key).asText();
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
