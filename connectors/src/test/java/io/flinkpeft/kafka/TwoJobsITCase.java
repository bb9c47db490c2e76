package io.flinkpeft.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.AdapterTopics;
import io.flinkpeft.testing.KafkaExtension;
import io.flinkpeft.testing.RandomVersions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TwoJobsITCase {

    @RegisterExtension static final KafkaExtension KAFKA = new KafkaExtension();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(5)
                            .build());

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int ADAPTERS = 3;

    @TempDir static Path savepoints;
    private AdapterTopic topic;

    @BeforeEach
    void newTopic() {
        topic = AdapterTopic.at(KAFKA.bootstrapServers(), KAFKA.newName());
        AdapterTopics.createIfMissing(topic, 3, (short) 1);
    }

    @Test
    void aSecondJobIsRefusedUntilItTakesOver() throws Exception {
        JobClient first = start(2, sink("same"), null);
        awaitVersions(5);
        for (String prefix : List.of("same", "other")) {
            assertThatThrownBy(() -> result(start(1, sink(prefix), null)))
                    .rootCause()
                    .hasMessageContaining(") is written by job Flink Streaming Job (transactional")
                    .hasMessageContaining("must have one writer. Maybe stop that job");
        }
        awaitVersions(10);
        JobClient second = start(1, sink("other").takeOver(), null);
        assertThatThrownBy(() -> result(first))
                .rootCause()
                .hasMessageContaining(") was taken over by job Flink Streaming Job")
                .hasMessageEndingWith("this job must not write it any more.");
        awaitVersions(20);
        second.cancel().get();
        assertConsecutive(steps());
    }

    @Test
    void aRefusedJobEndsIfItIsNewAndTriesAgainIfItHasState() throws Exception {
        JobClient first = start(1, sink("first"), null);
        awaitVersions(2);
        String savepoint = savepoint(first);
        first.cancel().get();
        JobClient second = start(1, sink("second").takeOver(), null);
        awaitVersions(4);
        assertThatThrownBy(() -> result(start(1, sink("new"), null)))
                .hasStackTraceContaining("must have one writer")
                .hasStackTraceContaining("The failure is not recoverable");
        assertThatThrownBy(() -> result(start(1, sink("first"), savepoint)))
                .hasStackTraceContaining("The job keeps its state and tries again.")
                .hasStackTraceContaining("Recovery is suppressed by FixedDelay");
        second.cancel().get();
    }

    @Test
    void aSavepointHoldsWhatWasNotPublished() throws Exception {
        JobClient first = start(2, sink("trainer"), null);
        awaitVersions(5);
        String savepoint = savepoint(first);
        first.cancel().get();
        JobClient second = start(3, sink("renamed"), savepoint);
        awaitVersions(20);
        second.cancel().get();
        assertConsecutive(steps());
    }

    private static String savepoint(JobClient job) throws Exception {
        return job.triggerSavepoint(savepoints.toString(), SavepointFormatType.CANONICAL).get();
    }

    private AdapterTopicSink.Builder sink(String prefix) {
        return AdapterTopicSink.builder()
                .bootstrapServers(topic.servers())
                .topic(topic.name())
                .transactionalIdPrefix(prefix)
                .keep(1000);
    }

    private static JobClient start(int parallelism, AdapterTopicSink.Builder sink, String savepoint)
            throws Exception {
        var config = new Configuration();
        config.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        // one is used up if the claim of the other job comes a moment after the first is shut out
        config.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        config.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        if (savepoint != null) {
            config.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        var env = StreamExecutionEnvironment.getExecutionEnvironment(config);
        env.setParallelism(parallelism);
        env.enableCheckpointing(100);
        var numbers =
                new DataGeneratorSource<>(
                        number -> number,
                        Long.MAX_VALUE,
                        RateLimiterStrategy.perCheckpoint(3 * ADAPTERS),
                        Types.LONG);
        var versions =
                env.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers")
                        .setParallelism(1)
                        .uid("numbers")
                        .keyBy(number -> number % ADAPTERS)
                        .map(number -> version(number))
                        .returns(TypeInformation.of(AdapterVersion.class));
        sink.addTo(versions);
        return env.executeAsync();
    }

    private static AdapterVersion version(long number) {
        return RandomVersions.version("a" + number % ADAPTERS, 1 + number / ADAPTERS, 200);
    }

    private static Object result(JobClient job) throws Exception {
        return job.getJobExecutionResult().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void awaitVersions(int count) {
        await().atMost(LIMIT).until(() -> steps().size() >= count);
    }

    private List<Long> steps() {
        return CommittedRecords.keys(topic, "a0").stream()
                .filter(key -> key.contains("@"))
                .map(key -> Long.parseLong(key.substring(key.indexOf('@') + 1)))
                .toList();
    }

    /** From 1 on, none missing and none twice. */
    private static void assertConsecutive(List<Long> steps) {
        assertThat(steps).isEqualTo(LongStream.rangeClosed(1, steps.size()).boxed().toList());
    }
}
