package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.testing.KafkaExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a running source says of its partitions. */
class PartitionWatchITCase {

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    private static final AtomicInteger READ = new AtomicInteger();

    /** Where events end. */
    private static final class Counting extends ProcessFunction<TrainingEvent, Void> {
        @Override
        public void processElement(TrainingEvent event, Context context, Collector<Void> out) {
            READ.incrementAndGet();
        }
    }

    @BeforeEach
    void forget() {
        READ.set(0);
    }

    @Test
    void anAddedPartitionIsReadAndCounted() throws Exception {
        String topic = KAFKA.newTopic(1, Map.of());
        send(topic, 0);
        JobClient job = run(topic, EventOrder.Kind.ARRIVAL);
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.get() == 1);
        assertThat(count(job, "partitionsAdded")).isZero();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all().get();
        }
        send(topic, 1);
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.get() == 2);
        assertThat(count(job, "partitionsAdded")).isOne();
        job.cancel().get(1, TimeUnit.MINUTES);
    }

    @Test
    void aPartitionWithoutAnEventIsCountedUntilItHasOne() throws Exception {
        String topic = KAFKA.newTopic(2, Map.of());
        send(topic, 0);
        JobClient job = run(topic, EventOrder.Kind.EVENT_TIME);
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.get() == 1);
        assertThat(silent(job)).isOne();
        send(topic, 1);
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.get() == 2);
        assertThat(silent(job)).isZero();
        job.cancel().get(1, TimeUnit.MINUTES);
    }

    private static JobClient run(String topic, EventOrder.Kind order) throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        ExampleSource.builder()
                .bootstrapServers(KAFKA.bootstrapServers())
                .topics(topic)
                .groupId(topic)
                .property("partition.discovery.interval.ms", "200")
                .order(order)
                .parallelism(1)
                .addTo(env)
                .process(new Counting())
                .returns(Types.VOID);
        return env.executeAsync();
    }

    private static void send(String topic, int partition) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        var strings = new StringSerializer();
        try (var producer = new KafkaProducer<>(config, strings, strings)) {
            producer.send(new ProducerRecord<>(topic, partition, "a", "{\"text\": \"x\"}")).get();
        }
    }

    private static long count(JobClient job, String name) {
        return ((Counter) metric(job, name)).getCount();
    }

    private static int silent(JobClient job) {
        return (Integer) ((Gauge<?>) metric(job, "partitionsSilent")).getValue();
    }

    private static Metric metric(JobClient job, String name) {
        List<Metric> found =
                METRICS.getMetricsByIdentifiers(job.getJobID()).entrySet().stream()
                        .filter(metric -> metric.getKey().endsWith(".peft." + name))
                        .map(Map.Entry::getValue)
                        .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
