package io.flinkpeft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.kafka.DeadLetterSink;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopicReader;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.TinyModels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The job in the order of event time, with a real broker. */
class EventTimeJobITCase {

    private static final int VERSIONS = 2 * SpreadExamples.EPOCHS;
    private static final int LAST = SpreadExamples.PARTITIONS - 1;

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private final TopicRecords records = new TopicRecords(KAFKA.bootstrapServers());
    private final List<ProducerRecord<String, String>> examples = SpreadExamples.records();

    /** What a run leaves: the SHA-256 of each version, the reason of each dead letter by place. */
    private record Result(Map<String, String> versions, Map<String, String> dead) {}

    /** The topics of one run. */
    private record Topics(String examples, String adapters, String dead) {

        static Topics create(int partitions) {
            return new Topics(
                    KAFKA.newTopic(partitions, Map.of()),
                    KAFKA.newName(),
                    KAFKA.newTopic(1, Map.of()));
        }

        Map<String, String> versions() {
            var digests = new TreeMap<String, String>();
            for (var listed : reader().list()) {
                var head = listed.head();
                digests.put(head.adapterId() + "@" + head.step(), head.sha256());
            }
            return digests;
        }

        AdapterTopicReader reader() {
            return new AdapterTopicReader(AdapterTopic.at(KAFKA.bootstrapServers(), adapters));
        }
    }

    @Test
    void oneAdaptersPartitionsGiveTheSameVersionsHoweverTheyAreRead(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        Result expected = bounded(1, 1);
        assertThat(expected.versions()).hasSize(VERSIONS);
        assertThat(expected.dead()).hasSize(SpreadExamples.DEAD);
        assertThat(bounded(2, 2, "examples.max-drift", "1 min")).isEqualTo(expected);
        assertThat(addedPartitionAndCrash(cluster)).isEqualTo(expected);
    }

    private Result bounded(int parallelism, int readers, String... more) throws Exception {
        Topics topics = Topics.create(SpreadExamples.PARTITIONS);
        records.send(topics.examples, examples);
        var all = new ArrayList<>(List.of(more));
        all.addAll(List.of("examples.bounded", "true", "examples.parallelism", "" + readers));
        run(topics, parallelism, all.toArray(String[]::new))
                .getJobExecutionResult()
                .get(2, TimeUnit.MINUTES);
        assertThat(topics.reader().current("a").orElseThrow().lineage().examples())
                .isEqualTo(SpreadExamples.EPOCHS * SpreadExamples.EPOCH_EXAMPLES);
        return result(topics);
    }

    /** The last partition is added while the job runs, and read before the others go on. */
    private Result addedPartitionAndCrash(MiniCluster cluster) throws Exception {
        Topics topics = Topics.create(LAST);
        var later = SpreadExamples.since(SpreadExamples.MIDDLE);
        records.send(topics.examples, examples.stream().filter(later.negate()).toList());
        var job =
                run(
                        topics,
                        2,
                        "kafka.properties.partition.discovery.interval.ms",
                        "200",
                        "examples.max-drift",
                        "1 min");
        await().atMost(Duration.ofMinutes(10)).until(() -> topics.versions().size() >= 2);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
            var added = Map.of(topics.examples, NewPartitions.increaseTo(LAST + 1));
            admin.createPartitions(added).all().get();
            records.send(
                    topics.examples, examples.stream().filter(r -> r.partition() == LAST).toList());
            await().atMost(Duration.ofMinutes(10)).until(() -> isRead(admin, topics, LAST));
        }
        cluster.terminateTaskManager(0).get();
        cluster.startTaskManager();
        records.send(
                topics.examples,
                examples.stream().filter(later).filter(r -> r.partition() != LAST).toList());
        // a restored source waits for each partition to say its time again
        records.send(topics.examples, List.of(SpreadExamples.heartbeat(LAST)));
        await().atMost(Duration.ofMinutes(10)).until(() -> topics.versions().size() >= VERSIONS);
        await().atMost(Duration.ofMinutes(10))
                .until(() -> result(topics).dead().size() >= SpreadExamples.DEAD);
        var checkpoints =
                cluster.getExecutionGraph(job.getJobID()).get().getCheckpointStatsSnapshot();
        assertThat(checkpoints.getLatestRestoredCheckpoint()).isNotNull();
        job.cancel().get(1, TimeUnit.MINUTES);
        return result(topics);
    }

    private static boolean isRead(Admin admin, Topics topics, int partition) throws Exception {
        return admin.listConsumerGroupOffsets(topics.examples)
                .partitionsToOffsetAndMetadata()
                .get()
                .containsKey(new TopicPartition(topics.examples, partition));
    }

    private Result result(Topics topics) {
        var dead = new TreeMap<String, String>();
        for (var record : records.all(topics.dead)) {
            dead.put(
                    header(record, DeadLetterSink.PARTITION)
                            + "@"
                            + header(record, DeadLetterSink.OFFSET),
                    header(record, DeadLetterSink.REASON).replace(topics.examples, "examples"));
        }
        return new Result(topics.versions(), dead);
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static JobClient run(Topics topics, int parallelism, String... more) throws Exception {
        var config = new Configuration();
        config.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
        config.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        var env = StreamExecutionEnvironment.getExecutionEnvironment(config);
        env.setParallelism(parallelism);
        var arguments = arguments(topics);
        for (int i = 0; i < more.length; i += 2) {
            arguments.put(more[i], more[i + 1]);
        }
        var line = new ArrayList<String>();
        arguments.forEach((key, value) -> line.addAll(List.of("--" + key, value)));
        var job = ContinualFineTuneJob.of(line.toArray(String[]::new));
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
        arguments.put("versions.keep", "100");
        arguments.put("train.order", "event-time");
        arguments.put("train.label-wait", "5 s");
        arguments.put("train.batch-size", "8");
        arguments.put("train.dtype", "fp32");
        arguments.put("publish.every-steps", "6");
        arguments.put("peft.lora.rank", "4");
        return arguments;
    }
}
