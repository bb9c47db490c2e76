package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.kafka.DeadLetterSink;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.predict.Fallback;
import io.flinkpeft.predict.Serving;
import io.flinkpeft.predict.ServingConfig;
import io.flinkpeft.predict.VersionsConfig;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The job as users run it: a real broker, a Flink cluster, a tiny BERT. */
class ContinualFineTuneJobITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NOT_JSON = "{\"text\": \"never closed";
    private static final int EPOCHS = 9;
    private static final String TENANT = "b#1@example.com";

    @TempDir private static Path savepoints;

    private final TopicRecords records = new TopicRecords(KAFKA.bootstrapServers());

    /** The topics of one run. */
    private record Topics(String examples, String adapters, String dead, String predictions) {

        static Topics create() {
            return new Topics(
                    KAFKA.newTopic(2, Map.of()),
                    KAFKA.newName(),
                    KAFKA.newTopic(1, Map.of()),
                    KAFKA.newTopic(1, Map.of()));
        }

        /** Version names and the SHA-256 of what is committed under them. */
        Map<String, String> versions() {
            var digests = new TreeMap<String, String>();
            for (var listed : new AdapterTopicReader(topic()).list()) {
                var head = listed.head();
                digests.put(head.adapterId() + "@" + head.step(), head.sha256());
            }
            return digests;
        }

        AdapterTopic topic() {
            return AdapterTopic.at(KAFKA.bootstrapServers(), adapters);
        }
    }

    @Test
    void aJobThatFailedStoppedAndWentOnPublishesTheSameBytes(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        Topics clean = Topics.create();
        records.send(clean.examples, EpochExamples.of(0, EPOCHS));
        run(clean, "--examples.bounded", "true").getJobExecutionResult().get(2, TimeUnit.MINUTES);
        Map<String, String> expected = clean.versions();
        assertThat(expected).hasSize(2 * EPOCHS);

        Topics broken = Topics.create();
        records.send(broken.examples, EpochExamples.of(0, 3));
        JobClient first = run(broken);
        awaitVersions(broken, 6);

        records.send(broken.examples, EpochExamples.of(3, 6));
        awaitPredictions(broken, 3 * 48 * 2 + 16);
        cluster.terminateTaskManager(0).get();
        cluster.startTaskManager();
        awaitVersions(broken, 12);
        var checkpoints =
                cluster.getExecutionGraph(first.getJobID()).get().getCheckpointStatsSnapshot();
        assertThat(checkpoints.getLatestRestoredCheckpoint()).isNotNull();

        String savepoint =
                first.stopWithSavepoint(false, savepoints.toString(), SavepointFormatType.CANONICAL)
                        .get(1, TimeUnit.MINUTES);
        records.send(broken.examples, EpochExamples.of(6, EPOCHS));
        JobClient second = resume(broken, savepoint);
        awaitVersions(broken, 2 * EPOCHS);
        second.cancel().get(1, TimeUnit.MINUTES);

        assertThat(broken.versions()).isEqualTo(expected);
    }

    @Test
    void learnsFromTheTopicAndSetsBadRecordsAside() throws Exception {
        Topics topics = Topics.create();
        var all = new ArrayList<>(EpochExamples.of(0, 12));
        all.add(5, new ProducerRecord<>("topic", "a", NOT_JSON));
        all.add(70, new ProducerRecord<>("topic", "b", "{\"label\": \"food\"}"));
        records.send(topics.examples, all);
        run(topics, "--examples.bounded", "true").getJobExecutionResult().get(2, TimeUnit.MINUTES);

        assertThat(records.all(topics.dead))
                .extracting(record -> record.value())
                .containsExactlyInAnyOrder(NOT_JSON, "{\"label\": \"food\"}");
        assertThat(records.all(topics.dead).get(0).headers().lastHeader(DeadLetterSink.REASON))
                .extracting(header -> new String(header.value(), StandardCharsets.UTF_8))
                .asString()
                .isNotBlank();
        List<JsonNode> predictions = predictions(topics, "a");
        assertThat(predictions).hasSize(12 * 48);
        assertThat(accuracy(predictions.subList(11 * 48, 12 * 48)))
                .isGreaterThan(0.2 + accuracy(predictions.subList(0, 48)));
        var current = new AdapterTopicReader(topics.topic()).current("a").orElseThrow();
        assertThat(current.step()).isEqualTo(12 * 6);
        assertThat(current.lineage().examples()).isEqualTo(12 * 48);
    }

    @Test
    void aDroppedAdapterIsGoneAtOnceAndTheNextOneBeginsAnew() throws Exception {
        Topics topics = Topics.create();
        records.send(topics.examples, withTenant());
        JobClient job = run(topics);
        awaitVersions(topics, 2);
        try (Serving serving = serving(topics)) {
            awaitServed(serving, 6L);
            var drop = new ProducerRecord<>("topic", TENANT, "{\"control\": \"drop\"}");
            records.send(topics.examples, List.of(drop));
            awaitServed(serving, null);
            assertThat(topics.versions()).containsOnlyKeys("a@6");

            var epoch = withTenant().stream().filter(r -> r.key().equals(TENANT)).toList();
            records.send(topics.examples, epoch);
            awaitServed(serving, 13L);
        }
        job.cancel().get(1, TimeUnit.MINUTES);
        assertThat(topics.versions()).containsOnlyKeys("a@6", TENANT + "@13");
        var anew = new AdapterTopicReader(topics.topic()).current(TENANT).orElseThrow();
        assertThat(anew.parentStep()).isEqualTo(-1);
        assertThat(anew.lineage().examples()).as("behind step 7").isEqualTo(6 * 8);
    }

    /** One epoch, with a tenant in the place of b whose name needs escaping in a topic's keys. */
    private static List<ProducerRecord<String, String>> withTenant() {
        return EpochExamples.of(0, 1).stream()
                .map(
                        r ->
                                r.key().equals("b")
                                        ? new ProducerRecord<>("topic", TENANT, r.value())
                                        : r)
                .toList();
    }

    /** What predictions in SQL are made with. */
    private static Serving serving(Topics topics) throws InterruptedException {
        var versions =
                new VersionsConfig(
                        "kafka",
                        Map.of(
                                "bootstrap.servers",
                                KAFKA.bootstrapServers(),
                                "topic",
                                topics.adapters));
        var config =
                new ServingConfig(
                        TinyModels.bert().toString(),
                        "cpu",
                        "fp32",
                        64,
                        "classify",
                        1,
                        1 << 24,
                        versions);
        return Serving.open(
                config, Duration.ofMinutes(1), ContinualFineTuneJobITCase.class.getClassLoader());
    }

    /** Waits until the tenant is served by the version of a step; null: by none. */
    private static void awaitServed(Serving serving, Long step) {
        var query = List.of(new Request<>(TENANT, "text", null));
        await().atMost(Duration.ofMinutes(10))
                .until(
                        () -> {
                            var answer = serving.predict(query, Fallback.NULL).get(0);
                            return Objects.equals(answer.step(), step);
                        });
    }

    private static JobClient run(Topics topics, String... more) throws Exception {
        return run(topics, new Configuration(), more);
    }

    private static JobClient resume(Topics topics, String savepoint) throws Exception {
        var config = new Configuration();
        config.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return run(topics, config);
    }

    private static JobClient run(Topics topics, Configuration config, String... more)
            throws Exception {
        config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
        config.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        var env = StreamExecutionEnvironment.getExecutionEnvironment(config);
        env.setParallelism(2);
        var args = new ArrayList<String>();
        arguments(topics).forEach((key, value) -> args.addAll(List.of("--" + key, value)));
        args.addAll(List.of(more));
        var job = ContinualFineTuneJob.of(args.toArray(String[]::new));
        job.createAdapterTopic();
        job.addTo(env);
        return env.executeAsync();
    }

    private static Map<String, String> arguments(Topics topics) {
        var arguments = new TreeMap<String, String>();
        arguments.put("model", TinyModels.bert().toString());
        arguments.put("kafka.bootstrap-servers", KAFKA.bootstrapServers());
        arguments.put("examples.topics", topics.examples);
        arguments.put("examples.group-id", topics.examples);
        arguments.put("examples.min-timestamp", "0");
        arguments.put("adapters.topic", topics.adapters);
        arguments.put("adapters.partitions", "2");
        arguments.put("dead-letters.topic", topics.dead);
        arguments.put("predictions.topic", topics.predictions);
        arguments.put("versions.keep", "100");
        arguments.put("train.batch-size", "8");
        arguments.put("train.dtype", "fp32");
        arguments.put("train.learning-rate", "5e-3");
        arguments.put("head.learning-rate", "2e-2");
        arguments.put("publish.every-steps", "6");
        arguments.put("peft.lora.rank", "4");
        arguments.put("peft.lora.alpha", "8");
        arguments.put("peft.lora.target-modules", "all-linear");
        return arguments;
    }

    private void awaitVersions(Topics topics, int count) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> topics.versions().size() >= count);
    }

    private void awaitPredictions(Topics topics, int count) {
        await().atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> records.all(topics.predictions).size() >= count);
    }

    private List<JsonNode> predictions(Topics topics, String adapter) throws IOException {
        List<JsonNode> predictions = new ArrayList<>();
        for (var record : records.all(topics.predictions)) {
            if (record.key().equals(adapter)) {
                predictions.add(MAPPER.readTree(record.value()));
            }
        }
        return predictions;
    }

    private static double accuracy(List<JsonNode> predictions) {
        return predictions.stream()
                .mapToInt(p -> p.get("predicted").equals(p.get("label")) ? 1 : 0)
                .average()
                .orElseThrow();
    }
}
