package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TaskManagers come and go; every version and every state are those of a job that kept its own. */
@Timeout(600)
class LostTaskManagerITCase {

    private static final int SLOTS = 2;

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(SLOTS)
                            .build());

    @TempDir static Path checkpoints;

    @AfterEach
    void nothingFailsAnyMore() {
        Fault.disarm();
    }

    /** The second is lost as soon as its trainers are open again. */
    @Test
    void lostTwiceTheSecondTimeDuringRecovery(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        var configuration = JobConfigurations.checkpointed(checkpoints, "rocksdb");
        RecordedTrainer.reset();
        var clean = TrainingJob.start(configuration).made();
        RecordedTrainer.reset();
        Fault.STEP.arm(25, 1);
        Fault.STEP.then(
                () -> {
                    replace(cluster, 0);
                    Fault.OPEN.arm(0, 1);
                });
        Fault.OPEN.then(() -> replace(cluster, 1));
        assertThat(TrainingJob.start(configuration).made()).isEqualTo(clean);
        assertThat(Fault.OPEN.struck()).isOne();
        assertThat(RecordedTrainer.diverged()).isEmpty();
    }

    private static void replace(MiniCluster cluster, int index) {
        try {
            cluster.startTaskManager();
            cluster.terminateTaskManager(index);
        } catch (Exception e) {
            throw new IllegalStateException("The TaskManager was not replaced.", e);
        }
    }
}
