package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateChangelogOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails, and wherever: every version and every state are those of a run without it. */
@Timeout(600)
class FaultToleranceITCase {

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(2)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static TrainingJob.Made clean;

    @TempDir static Path checkpoints;

    @BeforeEach
    void runWithoutFaults() throws Exception {
        if (clean == null) {
            clean = run("hashmap", c -> {});
            assertThat(clean.versions()).hasSize(TrainingJob.ADAPTERS);
        }
    }

    @AfterEach
    void nothingFailsAnyMore() {
        Fault.disarm();
    }

    private TrainingJob.Made run(String backend, Consumer<Configuration> more) throws Exception {
        RecordedTrainer.reset();
        var configuration = JobConfigurations.checkpointed(checkpoints, backend);
        more.accept(configuration);
        return TrainingJob.start(configuration).made();
    }

    private void assertClean(TrainingJob.Made made) {
        assertThat(made).isEqualTo(clean);
        assertThat(RecordedTrainer.diverged()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "hashmap, STEP, 20, 1",
        "rocksdb, STEP, 30, 2",
        "hashmap, SNAPSHOT, 12, 1",
        "rocksdb, SNAPSHOT, 25, 1",
        "hashmap, UPLOAD, 40, 1",
        "rocksdb, UPLOAD, 60, 1",
        "hashmap, METADATA, 3, 1",
    })
    void aFailureLeavesTheSameBytes(String backend, Fault fault, int after, int times)
            throws Exception {
        fault.arm(after, times);
        assertClean(run(backend, c -> {}));
        assertThat(fault.struck()).isEqualTo(times);
        assertThat(RecordedTrainer.opened()).isGreaterThan(2); // it did restart
    }

    @ParameterizedTest
    @CsvSource({"rocksdb, RESTORE", "hashmap, RESTORE", "hashmap, OPEN", "hashmap, CLOSE"})
    void aFailureOfTheRecoveryItselfLeavesTheSameBytes(String backend, Fault fault)
            throws Exception {
        Fault.STEP.arm(20, 1);
        Fault.STEP.then(() -> fault.arm(0, 2));
        assertClean(run(backend, c -> {}));
        assertThat(fault.struck()).isEqualTo(2);
    }

    /** Checkpoints fail, the job does not. */
    @ParameterizedTest
    @CsvSource({"hashmap, UPLOAD", "rocksdb, UPLOAD", "rocksdb, UPLOAD_HANGS", "hashmap, METADATA"})
    void aCheckpointThatIsGivenUpChangesNothing(String backend, Fault fault) throws Exception {
        fault.arm(4, 2);
        var made =
                run(
                        backend,
                        c -> {
                            c.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 1000);
                            c.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, TIMEOUT);
                        });
        assertClean(made);
        assertThat(fault.struck()).isEqualTo(2);
        assertThat(RecordedTrainer.opened()).isEqualTo(2); // it did not restart
    }

    @ParameterizedTest
    @CsvSource({"hashmap, true", "rocksdb, true", "hashmap, false", "rocksdb, false"})
    void unalignedAndAlignedCheckpointsLeaveTheSameBytes(String backend, boolean unaligned)
            throws Exception {
        Fault.STEP.arm(25, 1);
        assertClean(
                run(
                        backend,
                        c -> {
                            c.set(CheckpointingOptions.ENABLE_UNALIGNED, unaligned);
                            c.set(CheckpointingOptions.ALIGNED_CHECKPOINT_TIMEOUT, Duration.ZERO);
                        }));
        assertThat(Fault.STEP.struck()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hashmap", "rocksdb"})
    void theChangelogOfAStateBackendLeavesTheSameBytes(String backend) throws Exception {
        Fault.STEP.arm(25, 1);
        assertClean(
                run(
                        backend,
                        c -> {
                            c.set(StateChangelogOptions.ENABLE_STATE_CHANGE_LOG, true);
                            c.set(StateChangelogOptions.STATE_CHANGE_LOG_STORAGE, "filesystem");
                            c.setString("dstl.dfs.base-path", checkpoints.toUri().toString());
                        }));
        assertThat(Fault.STEP.struck()).isOne();
    }
}
