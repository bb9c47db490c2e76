package io.flinkpeft.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHashesTest {

    @TempDir private Path directory;
    private final AtomicInteger computed = new AtomicInteger();

    @Test
    void computesOnceWhileTheFileIsTheSame() throws IOException {
        Path file = file("one", Instant.now().minusSeconds(60));

        assertThat(hash("kind", file)).isEqualTo("1");
        assertThat(hash("kind", file)).isEqualTo("1");
        assertThat(hash("other kind", file)).isEqualTo("2");
    }

    @Test
    void computesAgainAfterAChange() throws IOException {
        Path file = file("one", Instant.now().minusSeconds(60));
        hash("kind", file);

        file("two", Instant.now().minusSeconds(30)); // of the same size
        assertThat(hash("kind", file)).isEqualTo("2");
        file("longer", Instant.now().minusSeconds(30));
        assertThat(hash("kind", file)).isEqualTo("3");
    }

    @Test
    void doesNotTrustAFileThatChangedJustNow() throws IOException {
        Path file = file("one", Instant.now());

        assertThat(hash("kind", file)).isEqualTo("1");
        assertThat(hash("kind", file)).isEqualTo("2");
    }

    private String hash(String kind, Path file) throws IOException {
        return FileHashes.of(
                kind, List.of(file), () -> Integer.toString(computed.incrementAndGet()));
    }

    private Path file(String text, Instant changed) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), text);
        return Files.setLastModifiedTime(file, FileTime.from(changed));
    }
}
