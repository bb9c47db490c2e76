package io.flinkpeft.example.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("nightly")
class ScaleTableITCase {

    @TempDir Path folder;

    @Test
    void aFewAdaptersGiveRowsOnBothBackends() throws Exception {
        Path document = folder.resolve("scale.md");
        Files.writeString(document, "<!-- table: scale -->\n<!-- end -->\n");
        int code =
                ScaleTable.execute(
                        "--adapters=3",
                        "--touched=100",
                        "--rank=1",
                        "--cache-mib=1",
                        "--check=3",
                        "--write=" + document);
        assertThat(code).isZero();
        assertThat(Files.readAllLines(document))
                .anyMatch(line -> line.startsWith("| 3 | heap | new |"))
                .anyMatch(line -> line.startsWith("| 3 | RocksDB | 100 |"));
    }
}
