package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.CodeBlocks;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The query of the README runs, with tenants that have no adapter and settings that are secret. */
@Timeout(600)
class DocumentedQueryITCase {

    private static final String SECRET = "hunter-2-is-not-to-be-seen";

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    private final AdapterTopic topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
    private final TableEnvironment sql =
            TableEnvironment.create(EnvironmentSettings.inStreamingMode());

    @Test
    void unknownTenantsGetNulls() throws Exception {
        create("");
        assertThat(rows(select()))
                .extracting(Row::toString)
                .containsExactlyInAnyOrder(
                        "+I[nobody, Heavy rain., null, null, null]",
                        "+I[nobody@example.com, Snow., null, null, null]");
    }

    @Test
    void whatAFileHoldsIsInNoPlanAndNoLog(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("kafka.properties");
        Files.writeString(
                file,
                "security.protocol=PLAINTEXT\nsasl.jaas.config="
                        + "org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"u\" password=\""
                        + SECRET
                        + "\";\n");
        var log = new CopyOnWriteArrayList<String>();
        var appender = capture(log);
        try {
            create(", 'versions.properties-file' = '" + file + "'");
            assertThat(rows(select())).hasSize(2);
        } finally {
            ((Logger) LogManager.getRootLogger()).removeAppender(appender);
            Configurator.setLevel("org.apache.kafka", Level.ERROR);
        }
        assertThat(log)
                .anyMatch(line -> line.contains("sasl.jaas.config")) // as Kafka shows it
                .noneMatch(line -> line.contains(SECRET));
        assertThat(rows("SHOW CREATE MODEL ticket_classifier").toString())
                .contains(file.toString())
                .doesNotContain(SECRET);
        assertThat(sql.explainSql(select(), ExplainDetail.JSON_EXECUTION_PLAN))
                .contains("MLPredict")
                .doesNotContain(SECRET);
        sql.executeSql(
                "CREATE TABLE sink (a STRING, b STRING, c STRING, d DOUBLE, e BIGINT)"
                        + " WITH ('connector' = 'blackhole')");
        assertThat(sql.compilePlanSql("INSERT INTO sink " + select()).asJsonString())
                .contains("versions.properties-file")
                .doesNotContain(SECRET);
    }

    private void create(String options) throws Exception {
        AdapterTopics.createIfMissing(topic, 1, (short) 1);
        sql.executeSql(
                "CREATE TEMPORARY VIEW tickets AS SELECT * FROM (VALUES ('nobody', 'Heavy rain.'),"
                        + " ('nobody@example.com', 'Snow.')) AS t(tenant, body)");
        String model = readme("CREATE MODEL");
        assertThat(model).contains("'fallback' = 'null'");
        sql.executeSql(
                model.replace("/models/minilm", model())
                        .replace("'adapters'", "'" + topic.name() + "'")
                        .replace("localhost:9092", topic.servers())
                        .replace("'fallback' = 'null'", "'fallback' = 'null'" + options));
    }

    private static String select() throws Exception {
        return readme("SELECT");
    }

    private static String readme(String start) throws Exception {
        return CodeBlocks.sql("README.md").stream()
                .filter(statement -> statement.startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private static String model() {
        return TinyModels.bert().toString();
    }

    private List<Row> rows(String statement) {
        var rows = new ArrayList<Row>();
        sql.executeSql(statement).collect().forEachRemaining(rows::add);
        return rows;
    }

    private static AbstractAppender capture(List<String> log) {
        var appender =
                new AbstractAppender("captured", null, null, true, Property.EMPTY_ARRAY) {
                    @Override
                    public void append(LogEvent event) {
                        log.add(event.getMessage().getFormattedMessage());
                    }
                };
        appender.start();
        ((Logger) LogManager.getRootLogger()).addAppender(appender);
        Configurator.setLevel("org.apache.kafka", Level.DEBUG);
        return appender;
    }
}
