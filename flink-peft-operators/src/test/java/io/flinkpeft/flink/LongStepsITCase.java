package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Batching;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** More input than steps can take, and steps that do not end: Flink goes on beside them. */
@Timeout(600)
class LongStepsITCase {

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int SUBTASKS = 2;
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

    @TempDir static Path checkpoints;

    @AfterEach
    void stepsEnd() {
        RecordedTrainer.releaseSteps();
    }

    private JobClient startSaturated() throws Exception {
        Configuration configuration = JobConfigurations.checkpointed(checkpoints, "hashmap");
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
        env.setParallelism(SUBTASKS);
        var examples = TrainingJob.saturated(env, LongStepsITCase::count);
        OnlineTraining.train(examples, TrainingJob.engine(settings), OnlineTraining.UID)
                .versions()
                .sinkTo(new DiscardingSink<>());
        return env.executeAsync();
    }

    private static Example count(Example example) {
        TAKEN.incrementAndGet();
        return example;
    }

    private static long completed(MiniCluster cluster, JobID job) throws Exception {
        return cluster.getExecutionGraph(job)
                .get()
                .getCheckpointStatsSnapshot()
                .getCounts()
                .getNumberOfCompletedCheckpoints();
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
    void checkpointsDoNotWaitForAStep(@InjectMiniCluster MiniCluster cluster) throws Exception {
        RecordedTrainer.holdSteps();
        var job = TrainingJob.start(JobConfigurations.checkpointed(checkpoints, "hashmap"));
        await().atMost(LIMIT).until(() -> RecordedTrainer.heldSteps() > 0);
        long before = completed(cluster, job.id());
        await().atMost(LIMIT).until(() -> completed(cluster, job.id()) >= before + 3);
        assertThat(RecordedTrainer.heldSteps()).isPositive();
        RecordedTrainer.releaseSteps();
        assertThat(job.made().versions()).hasSize(TrainingJob.ADAPTERS);
    }

    @Test
    void theSourceWaitsForStepsAndCancellingDoesNot(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        var job = startSaturated();
        await().atMost(LIMIT).until(() -> completed(cluster, job.getJobID()) > 2);
        RecordedTrainer.holdSteps();
        await().atMost(LIMIT).until(() -> RecordedTrainer.heldSteps() == SUBTASKS);
        await().atMost(LIMIT).until(() -> buffered(job) >= MAX_BUFFERED);
        assertThat(buffered(job)).isLessThan(MAX_BUFFERED + BATCH);
        assertThat(TAKEN).hasValueLessThan(100_000); // it could give millions
        job.cancel().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        await().atMost(LIMIT).until(() -> job.getJobStatus().get() == JobStatus.CANCELED);
        assertThat(RecordedTrainer.heldSteps()).as("the steps go on").isEqualTo(SUBTASKS);
    }
}
