package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.SaslUser;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A broker that asks for a password, which the job and the query have from a file. */
@Timeout(600)
class PasswordITCase {

    private static final String WRONG = "pw-0b7e11-which-is-wrong";

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    @TempDir private Path dir;

    private final String examples = KAFKA.newTopic(1, Map.of());
    private final String adapters = KAFKA.newName();

    @Test
    void aJobTrainsAndAQueryServesWhatItPublished() throws Exception {
        new TopicRecords(KAFKA.bootstrapServers()).send(examples, EpochExamples.of(0, 2));
        var env = environment();
        ContinualFineTuneJob.start(env, arguments(SaslUser.PASSWORD));
        env.execute();
        assertThat(new AdapterTopicReader(adapters()).list()).isNotEmpty();
        assertThat(served(SaslUser.PASSWORD))
                .extracting(row -> row.getField("served"))
                .containsExactly("a");
    }

    @Test
    void aJobWithAWrongPasswordIsRefusedInOneLine() throws IOException {
        String[] arguments = arguments(WRONG);
        assertThatThrownBy(() -> ContinualFineTuneJob.start(environment(), arguments))
                .isInstanceOf(ProgramParametrizationException.class)
                .message()
                .isEqualTo(notLetIn());
    }

    @Test
    void aQueryWithAWrongPasswordFailsWithTheReasonInOneLine() {
        AdapterTopics.createIfMissing(adapters(), 1, (short) 1);
        Throwable failure = catchThrowable(() -> served(WRONG));
        assertThat(ExceptionUtils.stringifyException(failure)).doesNotContain(WRONG);
        assertThat(failure).rootCause().isInstanceOf(SaslAuthenticationException.class);
        assertThat(ExceptionUtils.findThrowableWithMessage(failure, notLetIn())).isPresent();
    }

    private static String notLetIn() {
        return "Kafka at bootstrap.servers ("
                + KAFKA.saslServers()
                + ") must let this client in. Kafka says: Authentication failed: Invalid username"
                + " or password. Maybe its settings have another password, or another mechanism.";
    }

    private AdapterTopic adapters() {
        return AdapterTopic.at(KAFKA.bootstrapServers(), adapters);
    }

    private StreamExecutionEnvironment environment() {
        var flink = Map.of("execution.checkpointing.dir", dir.toUri().toString());
        return StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(flink));
    }

    private String[] arguments(String password) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.addAll(List.of("--model", TinyModels.bert().toString()));
        arguments.addAll(List.of("--kafka.bootstrap-servers", KAFKA.saslServers()));
        arguments.addAll(List.of("--kafka.properties-file", file(password)));
        arguments.addAll(List.of("--examples.topics", examples, "--examples.bounded", "true"));
        arguments.addAll(List.of("--examples.min-timestamp", "0")); // time begins with them
        arguments.addAll(List.of("--adapters.topic", adapters));
        arguments.addAll(List.of("--dead-letters.topic", KAFKA.newName()));
        arguments.addAll(List.of("--predictions.topic", KAFKA.newTopic(1, Map.of())));
        return arguments.toArray(String[]::new);
    }

    /** What a query over one text of adapter a gives. */
    private List<Row> served(String password) throws IOException {
        var tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        tables.executeSql(
                "CREATE TEMPORARY VIEW tickets AS"
                        + " SELECT * FROM (VALUES ('a', 'Heavy rain.')) AS t(tenant, body)");
        tables.executeSql(
                """
                CREATE MODEL m INPUT (adapter STRING, text STRING)
                OUTPUT (label STRING, served STRING) WITH (
                  'provider' = 'flink-peft', 'model' = '%s', 'fallback' = 'null',
                  'versions' = 'kafka', 'versions.topic' = '%s',
                  'versions.bootstrap.servers' = '%s', 'versions.properties-file' = '%s')
                """
                        .formatted(
                                TinyModels.bert(), adapters, KAFKA.saslServers(), file(password)));
        var rows = new ArrayList<Row>();
        tables.executeSql(
                        "SELECT label, served FROM ML_PREDICT(TABLE tickets, MODEL m,"
                                + " DESCRIPTOR(tenant, body))")
                .collect()
                .forEachRemaining(rows::add);
        return rows;
    }

    private String file(String password) throws IOException {
        return Files.writeString(dir.resolve("kafka.properties"), SaslUser.properties(password))
                .toString();
    }
}
