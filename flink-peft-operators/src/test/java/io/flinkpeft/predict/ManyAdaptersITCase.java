package io.flinkpeft.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is much smaller than the payloads of all adapters is enough to serve them. */
class ManyAdaptersITCase {

    @TempDir private Path directory;

    @Test
    void manyAdaptersAreServedInASmallHeap() throws Exception {
        assertServes(200, "-Xmx64m");
    }

    @Test
    @Tag("nightly")
    void twoThousandAdaptersOfOneMegabyteAreServedInASmallHeap() throws Exception {
        assertServes(2000, "-Xmx512m");
    }

    private void assertServes(int adapters, String heap) throws Exception {
        Path log = directory.resolve("log");
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                heap,
                                "-XX:+UseSerialGC",
                                "-Djava.io.tmpdir=" + directory,
                                "-cp",
                                System.getProperty("java.class.path"),
                                ManyAdapters.class.getName(),
                                Integer.toString(adapters))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(20, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.destroyForcibly();
        }
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(log);
        }
    }
}
