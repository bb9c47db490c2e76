package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.test.junit5.InjectClusterRESTAddress;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A password in a file of Kafka's settings is nowhere else: not in plans, logs, answers, state. */
class SecretsITCase {

    private static final String SECRET = "pw-4f7c1e-not-to-be-seen";

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path dir;

    private final Messages messages = new Messages();

    /** All that is logged, from the level of information on. */
    private static final class Messages extends AbstractAppender {

        private final StringBuffer text = new StringBuffer();

        Messages() {
            super("messages", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            text.append(event.getMessage().getFormattedMessage()).append('\n');
        }
    }

    @BeforeEach
    void listen() {
        var context = (LoggerContext) LogManager.getContext(false);
        messages.start();
        context.getConfiguration().getRootLogger().addAppender(messages, Level.INFO, null);
        context.getConfiguration().getRootLogger().setLevel(Level.INFO);
        context.updateLoggers();
    }

    @AfterEach
    void listenNoMore() {
        var context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().removeAppender("messages");
        context.reconfigure();
    }

    @Test
    void ofAJob(@InjectClusterRESTAddress URI rest) throws Exception {
        String examples = KAFKA.newTopic(1, Map.of());
        new TopicRecords(KAFKA.bootstrapServers()).send(examples, EpochExamples.of(0, 2));
        Path checkpoints = Files.createDirectory(dir.resolve("checkpoints"));
        Path savepoints = Files.createDirectory(dir.resolve("savepoints"));
        var env = environment(checkpoints);
        var job = ContinualFineTuneJob.of(arguments(examples, secretFile()));
        job.createAdapterTopic();
        job.addTo(env);
        var graph = env.getStreamGraph(false);
        assertThat(graph.getStreamingPlanAsJSON()).doesNotContain(SECRET);
        assertThat(holdsSecret(serialized(graph.getJobGraph()))).isFalse();

        JobClient client = env.executeAsync();
        Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .until(
                        () ->
                                answer(rest, client, "/checkpoints")
                                        .contains("\"latest\":{\"completed\":{"));
        assertNoAnswerHoldsIt(rest, client);
        client.stopWithSavepoint(false, savepoints.toString(), SavepointFormatType.NATIVE)
                .get(2, TimeUnit.MINUTES);
        assertThat(files(savepoints)).isNotEmpty().noneMatch(SecretsITCase::holdsSecret);
        assertThat(messages.text).isNotEmpty().doesNotContain(SECRET);
    }

    /** What is in the options is in the plan; so the search does find something. */
    @Test
    void ofAnOptionTheSecretWouldBeFound() throws Exception {
        var arguments = new ArrayList<>(List.of(arguments(KAFKA.newName(), null)));
        arguments.addAll(List.of("--kafka.properties.sasl.jaas.config", SECRET));
        var env = environment(dir);
        ContinualFineTuneJob.of(arguments.toArray(String[]::new)).addTo(env);
        assertThat(holdsSecret(serialized(env.getStreamGraph(false).getJobGraph()))).isTrue();
    }

    @Test
    void ofAModelInSql(@InjectClusterRESTAddress URI rest) throws Exception {
        String adapters = KAFKA.newName();
        AdapterTopics.createIfMissing(
                AdapterTopic.at(KAFKA.bootstrapServers(), adapters), 1, (short) 1);
        var tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        tables.executeSql(
                "CREATE TABLE tickets (tenant STRING, body STRING) WITH ('connector' = 'datagen')");
        tables.executeSql(
                """
                CREATE MODEL ticket_model INPUT (adapter STRING, text STRING) OUTPUT (label STRING) WITH (
                  'provider' = 'flink-peft', 'model' = '%s', 'fallback' = 'null',
                  'versions' = 'kafka', 'versions.topic' = '%s',
                  'versions.bootstrap.servers' = '%s', 'versions.properties-file' = '%s')
                """
                        .formatted(
                                TinyModels.bert(),
                                adapters,
                                KAFKA.bootstrapServers(),
                                secretFile()));
        String query =
                "SELECT label FROM ML_PREDICT(TABLE tickets, MODEL ticket_model,"
                        + " DESCRIPTOR(tenant, body))";
        var shown = new ArrayList<String>();
        tables.executeSql("SHOW CREATE MODEL ticket_model")
                .collect()
                .forEachRemaining(row -> shown.add(row.toString()));
        assertThat(shown).hasSize(1).noneMatch(row -> row.contains(SECRET));
        assertThat(tables.explainSql(query)).doesNotContain(SECRET);

        tables.executeSql("CREATE TABLE nowhere (label STRING) WITH ('connector' = 'blackhole')");
        JobClient client =
                tables.executeSql("INSERT INTO nowhere " + query).getJobClient().orElseThrow();
        Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .until(() -> client.getJobStatus().get() == JobStatus.RUNNING);
        assertNoAnswerHoldsIt(rest, client);
        client.cancel().get(2, TimeUnit.MINUTES);
        assertThat(messages.text).doesNotContain(SECRET);
    }

    private Path secretFile() throws IOException {
        return Files.writeString(
                dir.resolve("kafka.properties"),
                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"me\" password=\""
                        + SECRET
                        + "\";\n");
    }

    private static StreamExecutionEnvironment environment(Path checkpoints) {
        var flink = new TreeMap<String, String>();
        flink.put("execution.checkpointing.interval", "200 ms");
        flink.put("execution.checkpointing.dir", checkpoints.toUri().toString());
        return StreamExecutionEnvironment.getExecutionEnvironment(Configuration.fromMap(flink));
    }

    private static String[] arguments(String examples, Path secrets) {
        var arguments = new ArrayList<String>();
        arguments.addAll(List.of("--model", TinyModels.bert().toString()));
        arguments.addAll(List.of("--kafka.bootstrap-servers", KAFKA.bootstrapServers()));
        arguments.addAll(List.of("--examples.topics", examples));
        arguments.addAll(List.of("--adapters.topic", KAFKA.newName()));
        arguments.addAll(List.of("--dead-letters.topic", KAFKA.newTopic(1, Map.of())));
        arguments.addAll(
                List.of("--train.dtype", "fp32", "--peft.lora.target-modules", "all-linear"));
        if (secrets != null) {
            arguments.addAll(List.of("--kafka.properties-file", secrets.toString()));
        }
        return arguments.toArray(String[]::new);
    }

    private static void assertNoAnswerHoldsIt(URI rest, JobClient client) throws Exception {
        for (String path :
                List.of(
                        "",
                        "/plan",
                        "/config",
                        "/exceptions",
                        "/checkpoints/config",
                        "/jobmanager")) {
            assertThat(answer(rest, client, path)).as(path).doesNotContain(SECRET);
        }
        assertThat(answer(rest, client, "/plan")).contains("nodes");
    }

    private static String answer(URI rest, JobClient job, String path) throws Exception {
        String from =
                path.equals("/jobmanager")
                        ? "/jobmanager/config"
                        : "/jobs/" + job.getJobID() + path;
        var request = HttpRequest.newBuilder(rest.resolve(from)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static byte[] serialized(Object graph) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(graph);
        }
        return bytes.toByteArray();
    }

    private static List<byte[]> files(Path directory) throws IOException {
        var contents = new ArrayList<byte[]>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static boolean holdsSecret(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(SECRET);
    }
}
