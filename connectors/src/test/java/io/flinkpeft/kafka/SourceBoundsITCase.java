package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.testing.KafkaExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is far ahead does no harm: records are refused, partitions pause, nothing stops for ever.
 */
class SourceBoundsITCase {

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();
    private static final int EVENTS = 5_000;
    private static final Duration DRIFT = Duration.ofSeconds(100);

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    /** Offsets of what came from the fast topic, in order. */
    private static final Queue<Long> READ = new ConcurrentLinkedQueue<>();

    /** Those of the heartbeats from the slow one. */
    private static final Queue<Long> SLOW = new ConcurrentLinkedQueue<>();

    /** Where events end. */
    private static final class Reading extends ProcessFunction<TrainingEvent, Void> {
        @Override
        public void processElement(TrainingEvent event, Context context, Collector<Void> out) {
            (event instanceof Example ? READ : SLOW).add(event.offset());
        }
    }

    private final String fast = KAFKA.newTopic(1, Map.of());
    private final String slow = KAFKA.newTopic(1, Map.of());

    @BeforeEach
    void forget() {
        READ.clear();
        SLOW.clear();
    }

    @Test
    void aPartitionThatIsFarAheadWaitsForTheOthers() throws Exception {
        heartbeat(0);
        examples(0, 200); // 100 s ahead of what is allowed
        JobClient job = run(source().maxDrift(DRIFT));
        await().atMost(Duration.ofMinutes(10)).until(() -> hasPaused(job));
        examples(200, EVENTS);
        heartbeat(1);
        await().atMost(Duration.ofMinutes(10)).until(() -> SLOW.contains(1L));
        assertThat(READ).as("though the rest was written first").hasSize(200);

        for (int second = 100; second < EVENTS; second += 400) {
            heartbeat(second);
        }
        heartbeat(EVENTS);
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.size() >= EVENTS);
        job.cancel().get(1, TimeUnit.MINUTES);
        assertThat(READ).containsExactlyElementsOf(LongStream.range(0, EVENTS).boxed().toList());
    }

    @Test
    void aRecordThatIsFarAheadIsCounted() throws Exception {
        examples(0, 1);
        send(slow, List.of("{\"heartbeat\": true, \"timestamp\": \"9999-01-01T00:00:00Z\"}"));
        heartbeat(2);
        JobClient job = run(source());
        await().atMost(Duration.ofMinutes(10)).until(() -> SLOW.contains(1L));
        job.cancel().get(1, TimeUnit.MINUTES);
        assertThat(SLOW).doesNotContain(0L);
        assertThat(metric(job, ".deserializer.peft.eventsAhead"))
                .allSatisfy(ahead -> assertThat(((Counter) ahead).getCount()).isOne())
                .hasSize(1);
    }

    @Test
    void withoutABoundPartitionsDoNotWait() throws Exception {
        heartbeat(0);
        examples(0, EVENTS);
        JobClient job = run(source());
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.size() == EVENTS);
        job.cancel().get(1, TimeUnit.MINUTES);
    }

    @Test
    void aPartitionWithoutAnyRecordStopsNoOther() throws Exception {
        examples(0, EVENTS);
        JobClient job = run(source().maxDrift(DRIFT));
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.size() == EVENTS);
        job.cancel().get(1, TimeUnit.MINUTES);
    }

    @Test
    void anIdlePartitionStopsNoOtherWhereItIsLeftOut() throws Exception {
        heartbeat(0);
        examples(0, 200);
        JobClient job = run(source().maxDrift(DRIFT).idleAfter(Duration.ofSeconds(2)));
        examples(200, EVENTS);
        await().atMost(Duration.ofMinutes(10)).until(() -> READ.size() == EVENTS);
        job.cancel().get(1, TimeUnit.MINUTES);
    }

    private ExampleSource.Builder source() {
        return ExampleSource.builder()
                .bootstrapServers(KAFKA.bootstrapServers())
                .topics(fast, slow)
                .groupId(fast)
                .limits(ExampleLimits.DEFAULT.withMinTimestamp(0))
                .parallelism(1);
    }

    private static JobClient run(ExampleSource.Builder source) throws Exception {
        var env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        source.addTo(env).process(new Reading()).returns(Types.VOID);
        return env.executeAsync();
    }

    /** Whether Flink paused a partition; only one of them is ever ahead. */
    private static boolean hasPaused(JobClient job) {
        return metric(job, ".accumulatedPausedTimeMs").stream()
                .anyMatch(paused -> (Long) ((Gauge<?>) paused).getValue() > 0);
    }

    private static List<Metric> metric(JobClient job, String end) {
        return METRICS.getMetricsByIdentifiers(job.getJobID()).entrySet().stream()
                .filter(metric -> metric.getKey().endsWith(end))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** One a second of event time. */
    private void examples(int from, int to) {
        send(
                fast,
                LongStream.range(from, to)
                        .mapToObj(i -> "{\"text\": \"x\", \"timestamp\": " + 1000 * i + "}")
                        .toList());
    }

    private void heartbeat(long second) {
        send(slow, List.of("{\"heartbeat\": true, \"timestamp\": " + 1000 * second + "}"));
    }

    private static void send(String topic, List<String> values) {
        Map<String, Object> config = Map.of("bootstrap.servers", KAFKA.bootstrapServers());
        var strings = new StringSerializer();
        try (var producer = new KafkaProducer<>(config, strings, strings)) {
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, "a", value)));
        }
    }
}
