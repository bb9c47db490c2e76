package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class OnlineTrainingITCase {

    private static final int EXAMPLES = TrainingJob.EXAMPLES;
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

    @TempDir static Path checkpoints;

    private static TrainerOperatorFactory toy() {
        var settings = TrainingJob.small(ToySettings.DEFAULT);
        return new TrainerOperatorFactory(settings, ToyTrainer::new);
    }

    private static TrainerOperatorFactory engine() {
        return TrainingJob.engine(TrainingJob.small(TinySettings.DEFAULT));
    }

    private record Result(JobID job, Map<String, List<String>> versions) {}

    private Result run(TrainerOperatorFactory factory, String backend, int failures)
            throws Exception {
        FAILURES_LEFT.set(failures);
        var configuration = JobConfigurations.checkpointed(checkpoints, backend);
        var job = TrainingJob.start(configuration, factory, 2, OnlineTrainingITCase::failOnce);
        return new Result(job.id(), job.made().versions());
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
        assertThat(gauges(job, "trainedTimestamp")).contains(1000.0 * (EXAMPLES - 1));
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
