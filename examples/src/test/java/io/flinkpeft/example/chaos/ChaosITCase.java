package io.flinkpeft.example.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed. */
class ChaosITCase {

    static final String TINY_BERT =
            "../flink-peft-operators/src/test/resources/golden/tiny-bert-cls";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path work;

    @Test
    @Timeout(600)
    void twoSchedulesGiveTheBytesOfTheCleanRun() throws Exception {
        assertThat(run(2, "--seed", "20", "--versions", "4", "--model", TINY_BERT)).isZero();
    }

    @Test
    @Tag("nightly")
    void tenSchedulesGiveTheBytesOfTheCleanRun() throws Exception {
        assertThat(run(10)).isZero();
    }

    private int run(int schedules, String... more) {
        String[] args = {
            "--schedules",
            Integer.toString(schedules),
            "--work",
            work.toString(),
            "--logging",
            "chaos/log4j2.properties"
        };
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return Chaos.execute(all.toArray(String[]::new));
    }
}
