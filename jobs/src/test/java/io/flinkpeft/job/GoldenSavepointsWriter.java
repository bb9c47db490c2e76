package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.flink.OnlineTraining;
import io.flinkpeft.flink.state.TrainerStates;
import io.flinkpeft.flink.state.TrainingQueueSerializer;
import io.flinkpeft.kafka.AdapterTopicSink;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.SavepointState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes what {@link GoldenSavepointsITCase} reads, for a release that has a new format of state;
 * only when it is asked for: {@code -Dtest=GoldenSavepointsWriter -Dgolden.release=0.3}.
 */
class GoldenSavepointsWriter {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/savepoints");
    private static final String RELEASE = System.getProperty("golden.release");
    private static final int PARALLELISM = 2;
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int LAST = SpreadExamples.PARTITIONS - 1;

    private static final List<String> UIDS =
            List.of(
                    OnlineTraining.UID + OnlineTraining.LATE_SUFFIX,
                    OnlineTraining.UID + OnlineTraining.ORDER_SUFFIX,
                    OnlineTraining.UID,
                    AdapterTopicSink.UID);

    /** What a savepoint must hold, so that later code has to read it. */
    private static final Set<String> STATES =
            Set.of(
                    "newest",
                    "waiting",
                    "feedback-of",
                    "ids",
                    "released",
                    "adapter",
                    "settings",
                    "queue",
                    "replay",
                    "last-event",
                    "waiting-versions",
                    "kept-versions",
                    "newest-step",
                    "turns-format",
                    "topic-writer-2");

    private static final ProducerRecord<String, String> CONTROL =
            new ProducerRecord<>(
                    "topic",
                    0,
                    "b",
                    """
                    {"control": "set", "learning_rate": 2e-3, "timestamp": %d,
                     "method": {"peft_type": "LORA", "r": 3, "lora_alpha": 6}}"""
                            .formatted(SpreadExamples.MIDDLE / 2));

    private static final String OPTIONS =
            """
            model = target/test-classes/golden/tiny-bert-cls
            examples.topics = golden-%s
            versions.keep = 100
            adapters.ttl = 1 h
            train.order = event-time
            train.label-wait = 5 s
            train.batch-size = 1
            train.adapters-per-step = 1
            train.dtype = fp32
            train.device = cpu
            publish.every-steps = 32
            peft.lora.rank = 2
            replay.size = 8
            replay.per-batch = 2
            cache.adapters = 1
            """;

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(PARALLELISM)
                            .build());

    @TempDir private Path temporary;

    private final GoldenRelease release = new GoldenRelease(GOLDEN.resolve(RELEASE));
    private final TopicRecords records = new TopicRecords(KAFKA.bootstrapServers());
    private final List<ProducerRecord<String, String>> all = new ArrayList<>();

    @Test
    void writesTheSavepointsOfThisRelease(@InjectMiniCluster MiniCluster cluster) throws Exception {
        assertThat(release.directory()).as("never written again").doesNotExist();
        Files.createDirectories(release.directory());
        Files.writeString(release.options(), OPTIONS.formatted(RELEASE));
        KAFKA.createTopic(release.topic(), SpreadExamples.PARTITIONS);

        var examples = SpreadExamples.records();
        Predicate<ProducerRecord<String, String>> last = record -> record.partition() == LAST;
        var half = SpreadExamples.since(SpreadExamples.MIDDLE);
        var quarter = SpreadExamples.since(SpreadExamples.MIDDLE / 2);
        var end = SpreadExamples.since(SpreadExamples.MIDDLE * 5 / 4);
        send(examples.stream().filter(last.or(quarter.negate())).toList());
        var job = job();
        JobClient client = job.start(flink("hashmap"), PARALLELISM);
        await().atMost(LIMIT)
                .ignoreExceptions() // until all tasks run
                .until(
                        () -> {
                            cluster.triggerCheckpoint(client.getJobID()).get();
                            return job.versions().size() >= 2;
                        });
        var published = job.versions().keySet();

        send(List.of(CONTROL));
        send(examples.stream().filter(last.or(half).negate()).filter(quarter).toList());
        await().pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            Path saved = savepoint(client, SavepointFormatType.CANONICAL);
                            assertHoldsAll(saved);
                            keep(saved, "canonical");
                        });
        client.cancel().get(1, TimeUnit.MINUTES);
        writeNative("rocksdb");
        writeNative("hashmap");

        send(examples.stream().filter(last.or(end).negate()).filter(half).toList());
        send(IntStream.rangeClosed(0, LAST).mapToObj(SpreadExamples::heartbeat).toList());
        send(IntStream.rangeClosed(0, LAST).mapToObj(GoldenJob::end).toList());
        release.writeRecords(all);
        var whole = job("--examples.bounded", "true");
        whole.start(flink("hashmap"), 1).getJobExecutionResult().get(2, TimeUnit.MINUTES);
        var versions = whole.versions();
        assertThat(versions.keySet()).containsAll(published);
        versions.keySet().removeAll(published);
        release.writeVersions(versions.values().stream().map(whole::fetch).toList());
    }

    /** What the canonical savepoint holds, in the backend's own format. */
    private void writeNative(String backend) throws Exception {
        Configuration flink = flink(backend);
        flink.set(
                StateRecoveryOptions.SAVEPOINT_PATH,
                release.savepoint("canonical").toUri().toString());
        var env = job().environment(flink, 1);
        env.getCheckpointConfig().disableCheckpointing(); // the first would publish what waits
        JobClient client = env.executeAsync();
        await().atMost(LIMIT)
                .ignoreExceptions() // until all tasks run
                .until(() -> keep(savepoint(client, SavepointFormatType.NATIVE), backend));
        client.cancel().get(1, TimeUnit.MINUTES);
    }

    private GoldenJob job(String... more) throws IOException {
        return new GoldenJob(KAFKA, release, more);
    }

    private void send(List<ProducerRecord<String, String>> more) throws IOException {
        records.send(release.topic(), more);
        all.addAll(more);
    }

    /** No checkpoint but those that are asked for; files beside the metadata. */
    private static Configuration flink(String backend) {
        var flink = new Configuration();
        flink.set(StateBackendOptions.STATE_BACKEND, backend);
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
        flink.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ZERO);
        return flink;
    }

    private Path savepoint(JobClient client, SavepointFormatType format) throws Exception {
        String saved = client.triggerSavepoint(temporary.toString(), format).get();
        return Path.of(URI.create(saved));
    }

    private boolean keep(Path savepoint, String name) throws IOException {
        Files.move(savepoint, release.savepoint(name));
        return true;
    }

    /** Every state has values, and a step runs or could. */
    private static void assertHoldsAll(Path savepoint) throws Exception {
        var names = new TreeSet<String>();
        int closed = 0;
        for (String uid : UIDS) {
            names.addAll(SavepointState.operatorStates(savepoint, uid));
            for (var entry : SavepointState.of(savepoint, uid)) {
                names.add(entry.state());
                if (entry.state().equals(TrainerStates.QUEUE)) {
                    var in = new DataInputDeserializer(entry.value());
                    closed += TrainingQueueSerializer.INSTANCE.deserialize(in).closed().size();
                }
            }
        }
        assertThat(names).containsAll(STATES);
        assertThat(closed).as("batches that wait").isPositive();
    }
}
