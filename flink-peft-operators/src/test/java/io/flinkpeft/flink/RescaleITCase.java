package io.flinkpeft.flink;

import static org.apache.flink.core.execution.SavepointFormatType.CANONICAL;
import static org.apache.flink.core.execution.SavepointFormatType.NATIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job that is stopped with savepoints and goes on elsewhere learns what one alone would. */
@Timeout(600)
class RescaleITCase {

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final Duration LIMIT = Duration.ofMinutes(10);

    @TempDir static Path files;

    @Test
    void aSavepointIsReadByMoreSubtasksAndByFewer(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        assertTheSame(cluster, "rocksdb", 1, 3, 2);
    }

    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void fromOneSubtaskToSevenAndBack(String backend, @InjectMiniCluster MiniCluster cluster)
            throws Exception {
        assertTheSame(cluster, backend, 1, 2, 3, 4, 7, 2, 1);
    }

    private void assertTheSame(MiniCluster cluster, String backend, int... parallelisms)
            throws Exception {
        RecordedTrainer.reset();
        var alone = start(JobConfigurations.checkpointed(files, "hashmap"), 1).made();
        assertThat(alone.versions()).hasSize(TrainingJob.ADAPTERS);

        RecordedTrainer.reset();
        String savepoint = null;
        for (int i = 0; i < parallelisms.length - 1; i++) {
            int steps = RecordedTrainer.states().size();
            var job = start(configuration(backend, savepoint), parallelisms[i]);
            CommonTestUtils.waitForAllTaskRunning(cluster, job.id(), false);
            await().atMost(LIMIT).until(() -> RecordedTrainer.states().size() > steps);
            savepoint = job.stop(files, i % 2 == 0 ? CANONICAL : NATIVE);
        }
        var last = configuration(backend, savepoint);
        last.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(50));
        var made = start(last, parallelisms[parallelisms.length - 1]).made();
        assertThat(made).isEqualTo(alone);
        assertThat(RecordedTrainer.diverged()).isEmpty();
    }

    /** Without checkpoints the source stops behind its first examples; the savepoint comes then. */
    private Configuration configuration(String backend, String savepoint) {
        var configuration = JobConfigurations.checkpointed(files, backend);
        configuration.removeConfig(CheckpointingOptions.CHECKPOINTING_INTERVAL);
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        return configuration;
    }

    private static TrainingJob start(Configuration configuration, int parallelism)
            throws Exception {
        var settings = TrainingJob.small(TinySettings.DEFAULT);
        var factory = TrainingJob.engine(settings);
        return TrainingJob.start(configuration, factory, parallelism, example -> example);
    }
}
