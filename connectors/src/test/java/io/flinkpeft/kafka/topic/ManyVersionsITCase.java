package io.flinkpeft.kafka.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.JavaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is much smaller than the versions of a topic is enough to read it. */
class ManyVersionsITCase {

    @TempDir private Path directory;

    @Test
    void versionsOfATopicAreReadInASmallHeap() throws Exception {
        assertReads(100, "-Xmx64m");
    }

    @Test
    @Tag("nightly")
    void twoThousandAdaptersOfOneMegabyteAreReadInASmallHeap() throws Exception {
        assertReads(2000, "-Xmx128m");
    }

    private void assertReads(int adapters, String heap) throws Exception {
        Path log = directory.resolve("log");
        var arguments =
                List.of(
                        heap,
                        "-Djava.io.tmpdir=" + directory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyVersions.class.getName(),
                        Integer.toString(adapters));
        try (var process = JavaProcess.start(log, environment -> {}, arguments)) {
            assertThat(process.endsWell(20, TimeUnit.MINUTES)).as(Files.readString(log)).isTrue();
        }
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(log);
        }
    }
}
