package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Batching;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Steps of 500 ms under more input than they can take: what Flink does beside them stays quick. */
@Timeout(120)
class LongStepsITCase {

    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int MAX_BUFFERED = 64;

    private static final int BATCH = 4;
    private static final InMemoryReporter METRICS = InMemoryReporter.create();

    /** Examples that have come out of the source. */
    private static final AtomicLong TAKEN = new AtomicLong();

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir Path checkpoints;

    private JobClient start() throws Exception {
        Configuration configuration = JobConfigurations.checkpointed(checkpoints, "hashmap");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 0);
        var settings =
                TrainingJob.small(TinySettings.DEFAULT)
                        .with(
                                Batching.DEFAULT
                                        .withSize(BATCH)
                                        .withStep(1, BATCH)
                                        .withMaxBuffered(MAX_BUFFERED));
        TAKEN.set(0);
        var env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        var examples = TrainingJob.saturated(env, LongStepsITCase::count);
        OnlineTraining.train(examples, TrainingJob.engine(settings, STEP), OnlineTraining.UID)
                .versions()
                .sinkTo(new DiscardingSink<>());
        return env.executeAsync();
    }

    private static Example count(Example example) {
        TAKEN.incrementAndGet();
        return example;
    }

    private static long completed(MiniCluster cluster, JobClient job) throws Exception {
        return checkpoints(cluster, job).getCounts().getNumberOfCompletedCheckpoints();
    }

    private static CheckpointStatsSnapshot checkpoints(MiniCluster cluster, JobClient job)
            throws Exception {
        return cluster.getExecutionGraph(job.getJobID()).get().getCheckpointStatsSnapshot();
    }

    /** Examples of closed batches that wait in a subtask; 0 before it runs. */
    private static long buffered(JobClient job) {
        return METRICS
                .findMetrics(job.getJobID(), TrainingMetrics.EXAMPLES_BUFFERED)
                .values()
                .stream()
                .mapToLong(metric -> (Long) ((Gauge<?>) metric).getValue())
                .max()
                .orElse(0);
    }

    @Test
    void unalignedCheckpointsTakeLessThanTwoSecondsAndCancellingLessThanFive(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        var job = start();
        await().atMost(SOON).until(() -> completed(cluster, job) > 0);
        long failed = checkpoints(cluster, job).getCounts().getNumberOfFailedCheckpoints();
        var mostBuffered = new AtomicLong();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> {
                            mostBuffered.accumulateAndGet(buffered(job), Math::max);
                            return completed(cluster, job) >= 6;
                        });
        var stats = checkpoints(cluster, job);
        assertThat(stats.getCounts().getNumberOfFailedCheckpoints())
                .isEqualTo(failed); // those before all tasks were running
        assertThat(stats.getSummaryStats().getEndToEndDurationStats().getMaximum())
                .isLessThan(2000);
        assertThat(mostBuffered).hasValueBetween(MAX_BUFFERED, MAX_BUFFERED + BATCH - 1);
        assertThat(TAKEN).hasValueLessThan(20_000); // the source waits: it could give millions
        cancelWithin(job, Duration.ofSeconds(5));
    }

    private static void cancelWithin(JobClient job, Duration limit) throws Exception {
        long start = System.nanoTime();
        job.cancel().get(60, TimeUnit.SECONDS);
        await().atMost(SOON).until(() -> job.getJobStatus().get() == JobStatus.CANCELED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit);
    }
}
