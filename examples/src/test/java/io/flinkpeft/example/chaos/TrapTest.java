package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrapTest {

    @TempDir private Path directory;

    @Test
    void isArmedUntilItIsDisarmed() throws Exception {
        var trap = new Trap(directory);
        assertThat(trap.armed()).isEmpty();

        trap.arm(Moment.COMMIT, 3);
        Files.writeString(trap.hit(77), "");
        assertThat(trap.armed().orElseThrow().moment()).isEqualTo(Moment.COMMIT);
        assertThat(trap.armed().orElseThrow().skip()).isEqualTo(3);
        assertThat(trap.hits()).containsExactly(77L);

        trap.disarm();
        assertThat(trap.armed()).isEmpty();
        assertThat(trap.hits()).isEmpty();
    }

    @Test
    void whoIsHeldByOneIsNotHeldByTheNext() throws Exception {
        var trap = new Trap(directory);
        trap.arm(Moment.COMMIT, 0);
        var first = trap.armed();
        trap.arm(Moment.COMMIT, 0);

        assertThat(trap.armed()).isNotEqualTo(first);
    }

    @Test
    void momentsAreKnownByTheLinesOfLogs() {
        String logger = "org.apache.flink.runtime.checkpoint.CheckpointCoordinator";

        assertThat(Moment.STORED.marks(logger, "Completed checkpoint 7 for job 1")).isTrue();
        assertThat(Moment.STORED.marks(logger, "Triggering checkpoint 7")).isFalse();
        assertThat(Moment.STORED.marks("other.Logger", "Completed checkpoint 7")).isFalse();
        assertThat(Moment.ANY_TIME.marks(logger, "Completed checkpoint 7")).isFalse();
    }
}
