package io.flinkpeft.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedTableTest {

    @TempDir private Path directory;

    @Test
    void replacesTheNamedTableOnly() throws Exception {
        Path document =
                write(
                        "<!-- table: a -->",
                        "1",
                        "<!-- end -->",
                        "<!-- table: b -->",
                        "<!-- end -->");

        MarkedTable.replace(document, "b", List.of("2", "3"));

        assertThat(document)
                .hasContent(
                        "<!-- table: a -->\n1\n<!-- end -->\n<!-- table: b -->\n2\n3\n<!-- end -->");
    }

    @Test
    void aDocumentWithoutThePlaceIsRefused() throws Exception {
        for (Path document : List.of(write("text"), write("<!-- table: a -->", "no end"))) {
            assertThatThrownBy(() -> MarkedTable.replace(document, "a", List.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            "must have a line <!-- table: a --> and after it a line <!-- end -->.");
        }
    }

    @Test
    void theDocumentsHaveThePlaces() throws Exception {
        for (String table : List.of("<!-- table: lora -->", "<!-- table: methods -->")) {
            assertThat(Files.readAllLines(Path.of("../docs/benchmarks.md"))).contains(table);
        }
        assertThat(Files.readAllLines(Path.of("../docs/methods/on-a-stream.md")))
                .contains("<!-- table: methods on a stream -->");
    }

    private Path write(String... lines) throws Exception {
        return Files.write(Files.createTempFile(directory, "page", ".md"), List.of(lines));
    }
}
