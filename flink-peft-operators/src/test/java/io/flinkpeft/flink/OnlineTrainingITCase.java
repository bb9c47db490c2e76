package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.AdapterVersionCodec;
import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.HotCache;
import io.flinkpeft.flink.config.TrainingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OnlineTrainingITCase {

    private static final int EXAMPLES = 300;
    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .build());

    @TempDir Path checkpoints;

    private static TrainingSettings small(TrainingSettings settings) {
        return settings.with(Batching.DEFAULT.withSize(4))
                .publishingEvery(3)
                .with(new HotCache(2, Long.MAX_VALUE));
    }

    private static TrainerOperatorFactory toy() {
        return new TrainerOperatorFactory(small(ToySettings.DEFAULT), ToyTrainer::new);
    }

    private static TrainerOperatorFactory engine() {
        var settings = small(TinySettings.DEFAULT);
        return new TrainerOperatorFactory(settings, EngineTrainer.of(settings));
    }

    private record Result(JobID job, Map<String, List<String>> versions) {}

    @SuppressWarnings("try") // close may be interrupted, as anything here
    private Result run(TrainerOperatorFactory factory, String backend, int failures)
            throws Exception {
        FAILURES_LEFT.set(failures);
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration(backend));
        env.setParallelism(2);
        var source =
                new DataGeneratorSource<Example>(
                        i -> Examples.example(i.intValue(), 5),
                        EXAMPLES,
                        RateLimiterStrategy.perCheckpoint(40),
                        TypeInformation.of(Example.class));
        var examples =
                env.fromSource(source, WatermarkStrategy.noWatermarks(), "examples")
                        .setParallelism(1)
                        .map(OnlineTrainingITCase::failOnce)
                        .returns(TypeInformation.of(Example.class))
                        .setParallelism(1);
        var versions = OnlineTraining.train(examples, factory, OnlineTraining.UID).versions();
        try (var collected = versions.collectAsync()) {
            var job = env.executeAsync().getJobID();
            var byAdapter = new TreeMap<String, List<String>>();
            while (collected.hasNext()) {
                AdapterVersion version = collected.next();
                byAdapter
                        .computeIfAbsent(version.adapterId(), id -> new ArrayList<>())
                        .add(Digests.sha256(AdapterVersionCodec.toBytes(version)));
            }
            return new Result(job, byAdapter);
        }
    }

    private Configuration configuration(String backend) {
        var configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, backend);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(10));
        return configuration;
    }

    private static Example failOnce(Example example) {
        if (example.offset() == EXAMPLES / 2 && FAILURES_LEFT.compareAndSet(1, 0)) {
            throw new IllegalStateException("Injected failure.");
        }
        return example;
    }

    @Test
    void aFailureLeavesTheSameVersions() throws Exception {
        var clean = run(toy(), "hashmap", 0);
        assertThat(clean.versions()).hasSize(5);
        assertThat(run(toy(), "hashmap", 1).versions()).isEqualTo(clean.versions());
        assertThat(FAILURES_LEFT).hasValue(0);
        assertThat(run(toy(), "rocksdb", 1).versions()).isEqualTo(clean.versions());
    }

    @Test
    void aFailureLeavesTheSameVersionsOfARealModel() throws Exception {
        var clean = run(engine(), "hashmap", 0);
        assertThat(clean.versions()).hasSize(5);
        assertThat(run(engine(), "rocksdb", 1).versions()).isEqualTo(clean.versions());
    }

    @Test
    void metricsCountWhatHappenedUnderTheirPaths() throws Exception {
        var job = run(toy(), "hashmap", 0).job();
        assertThat(sum(job, "examplesIn")).isEqualTo(EXAMPLES);
        assertThat(sum(job, "examplesPredicted")).isEqualTo(EXAMPLES);
        assertThat(sum(job, "examplesTrained")).isEqualTo(EXAMPLES - EXAMPLES / 11);
        assertThat(sum(job, "steps")).isGreaterThan(EXAMPLES / 4);
        assertThat(sum(job, "versions")).isGreaterThan(EXAMPLES / 4 / 3);
        assertThat(sum(job, "tokens")).isEqualTo(3 * EXAMPLES);
        assertThat(sum(job, "evictions")).isPositive();
        assertThat(sum(job, "examplesRejected")).isZero();
        assertThat(gauges(job, "accuracy"))
                .allSatisfy(v -> assertThat((Double) v).isBetween(0.1, 0.9));
        assertThat(gauges(job, "trainedTimestamp")).contains(1000L * (EXAMPLES - 1));
        assertThat(gauges(job, "examplesBuffered")).containsOnly(0L);
        for (String name : TrainingMetricsTest.names()) {
            assertThat(metrics(job, name).keySet())
                    .anyMatch(id -> id.endsWith(".Train adapters.0.peft." + name));
        }
    }

    private static Map<String, Metric> metrics(JobID job, String name) {
        return METRICS.findMetrics(job, ".*\\.peft\\." + name + "$");
    }

    private static long sum(JobID job, String name) {
        return metrics(job, name).values().stream()
                .mapToLong(metric -> ((Counter) metric).getCount())
                .sum();
    }

    private static List<Object> gauges(JobID job, String name) {
        return metrics(job, name).values().stream()
                .<Object>map(metric -> ((Gauge<?>) metric).getValue())
                .toList();
    }
}
