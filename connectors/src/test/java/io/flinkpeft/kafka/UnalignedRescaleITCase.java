package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.testing.KafkaExtension;
import java.io.DataInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unaligned checkpoints hold examples in flight. When a job goes on from one with other numbers of
 * subtasks, partitions move to other readers, and nothing that these read overtakes what was in
 * flight: each adapter's examples stay in their order.
 */
class UnalignedRescaleITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .setConfiguration(smallBuffers())
                            .build());

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int PARTITIONS = 4;
    private static final int ADAPTERS = 12;
    private static final int EXAMPLES = 700;

    @TempDir static Path checkpoints;

    private JobClient running;

    @Test
    void examplesStayInTheirOrderWithFewerSubtasks(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        assertInOrder(cluster, 4, 3);
    }

    @Test
    void examplesStayInTheirOrderWithMoreSubtasks(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        assertInOrder(cluster, 2, 4);
    }

    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(strings = {"4 2", "4 1", "1 4", "3 4", "4 3 2", "2 4 1 3", "3 3"})
    void examplesStayInTheirOrder(String parallelisms, @InjectMiniCluster MiniCluster cluster)
            throws Exception {
        var numbers = parallelisms.split(" ");
        var all = new int[numbers.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = Integer.parseInt(numbers[i]);
        }
        assertInOrder(cluster, all);
    }

    private void assertInOrder(MiniCluster cluster, int... parallelisms) throws Exception {
        String topic = examples();
        OrderCheck.reset();
        String checkpoint = null;
        for (int i = 0; i < parallelisms.length - 1; i++) {
            long seen = OrderCheck.seen();
            JobClient job = start(topic, parallelisms[i], Duration.ofMillis(5), checkpoint);
            CommonTestUtils.waitForAllTaskRunning(cluster, job.getJobID(), false);
            await().atMost(LIMIT).until(() -> OrderCheck.seen() > seen + 200);
            checkpoint = checkpoint(cluster, job);
            end(job);
            assertThat(bytesInFlight(checkpoint)).isPositive();
        }
        JobClient last =
                start(topic, parallelisms[parallelisms.length - 1], Duration.ZERO, checkpoint);
        await().atMost(LIMIT).until(() -> OrderCheck.last().equals(complete()));
        end(last);
        assertThat(OrderCheck.wrong()).isEmpty();
    }

    /** A job that failed its test must not keep the slots of the next. */
    @AfterEach
    void nothingRunsOn() throws Exception {
        if (running != null && !running.getJobStatus().get().isGloballyTerminalState()) {
            end(running);
        }
    }

    /** It is declined while a task still reads what was in flight. */
    private static String checkpoint(MiniCluster cluster, JobClient job) {
        return await().atMost(LIMIT)
                .ignoreExceptionsMatching(UnalignedRescaleITCase::isDeclined)
                .until(() -> cluster.triggerCheckpoint(job.getJobID()).get(), Objects::nonNull);
    }

    private static boolean isDeclined(Throwable failure) {
        return ExceptionUtils.stringifyException(failure).contains("tasks not ready");
    }

    private static void end(JobClient job) throws Exception {
        job.cancel().get();
        await().atMost(LIMIT).until(() -> job.getJobStatus().get().isGloballyTerminalState());
    }

    private JobClient start(String topic, int parallelism, Duration delay, String checkpoint)
            throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration(checkpoint));
        env.setParallelism(parallelism);
        env.setMaxParallelism(16);
        ExampleSource.builder()
                .bootstrapServers(KAFKA.bootstrapServers())
                .topics(topic)
                .groupId("group-" + topic)
                .addTo(env)
                .keyBy(TrainingEvent::adapterId)
                .process(new OrderCheck(delay))
                .uid("order")
                .sinkTo(new DiscardingSink<>())
                .uid("nothing");
        running = env.executeAsync();
        return running;
    }

    private Configuration configuration(String checkpoint) {
        var config = new Configuration();
        config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofHours(1));
        config.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        config.set(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT, Duration.ZERO);
        config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        config.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (checkpoint != null) {
            config.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint);
        }
        return config;
    }

    /** Few examples are in flight, and most are still to be read. */
    private static Configuration smallBuffers() {
        var config = new Configuration();
        config.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("4kb"));
        return config;
    }

    private static long bytesInFlight(String checkpoint) throws Exception {
        var loader = UnalignedRescaleITCase.class.getClassLoader();
        var metadata = Path.of(URI.create(checkpoint)).resolve("_metadata");
        try (var in = new DataInputStream(Files.newInputStream(metadata))) {
            return Checkpoints.loadCheckpointMetadata(in, loader, checkpoint)
                    .getOperatorStates()
                    .stream()
                    .flatMap(operator -> operator.getStates().stream())
                    .mapToLong(
                            subtask ->
                                    subtask.getInputChannelState().getStateSize()
                                            + subtask.getResultSubpartitionState().getStateSize())
                    .sum();
        }
    }

    /** Adapters whose examples count themselves, each in one partition. */
    private static String examples() {
        String topic = KAFKA.newTopic(PARTITIONS, Map.of());
        var text = new StringSerializer();
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        try (var producer = new KafkaProducer<>(config, text, text)) {
            for (int i = 0; i < EXAMPLES; i++) {
                for (int adapter = 0; adapter < ADAPTERS; adapter++) {
                    String json =
                            "{\"text\": \"%s\", \"timestamp\": %d}"
                                    .formatted("x".repeat(300), OrderCheck.START + i);
                    producer.send(
                            new ProducerRecord<>(topic, adapter % PARTITIONS, "a" + adapter, json));
                }
            }
        }
        return topic;
    }

    private static Map<String, Long> complete() {
        var last = new TreeMap<String, Long>();
        for (int adapter = 0; adapter < ADAPTERS; adapter++) {
            last.put("a" + adapter, EXAMPLES - 1L);
        }
        return last;
    }
}
