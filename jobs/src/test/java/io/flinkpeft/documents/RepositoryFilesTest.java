package io.flinkpeft.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is committed that a program left behind, and nothing large by accident. */
class RepositoryFilesTest {

    private static final Path ROOT = Path.of("..");

    /** What builds, editors, interpreters and crashes leave behind, and names nobody resolved. */
    private static final Pattern STRAY =
            Pattern.compile(
                    ".*\\$\\{.*|(.*/)?(__pycache__|target|\\.idea|\\.vscode|\\.settings)/.*"
                            + "|.*\\.(pyc|pyo|class|log|iml|swp|orig|rej|hprof|jfr)"
                            + "|(.*/)?(hs_err_.*|core\\.\\d+|replay_pid.*|\\.DS_Store|Thumbs\\.db"
                            + "|\\.classpath|\\.project|dependency-reduced-pom\\.xml)|.*~");

    private static final long USUAL_BYTES = 130_000;

    /** The golden files that are larger than usual, with the bytes that they may have. */
    private static final Map<String, Long> LARGE =
            Map.of(
                    "flink-peft-operators/src/test/resources/golden/settings/tensors.safetensors",
                    330_000L,
                    "flink-peft-operators/src/test/resources/golden/settings/cases.json",
                    280_000L,
                    "flink-peft-operators/src/test/resources/golden/combine/merged.safetensors",
                    230_000L,
                    "flink-peft-operators/src/test/resources/golden/combine/combined.safetensors",
                    170_000L);

    @Test
    void nothingIsCommittedThatAProgramLeftBehind() throws Exception {
        assertThat(RepositoryFiles.of(ROOT))
                .hasSizeGreaterThan(1_000)
                .noneMatch(RepositoryFilesTest::isStray);
    }

    @Test
    void nothingLargeIsCommittedByAccident() throws Exception {
        for (Path file : RepositoryFiles.of(ROOT)) {
            assertThat(Files.size(ROOT.resolve(file)))
                    .as("bytes of %s, which must be few, or in the list of this test", file)
                    .isLessThanOrEqualTo(LARGE.getOrDefault(unix(file), USUAL_BYTES));
        }
    }

    @Test
    void theListOfLargeFilesHasNoOther() throws Exception {
        assertThat(RepositoryFiles.of(ROOT).stream().map(RepositoryFilesTest::unix))
                .containsAll(LARGE.keySet());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${sys:scale.log}",
                "golden/__pycache__/grid_methods.cpython-311.pyc",
                "jobs/hs_err_pid42.log",
                "jobs/replay_pid42.txt",
                "jobs/A.class",
                "docs/.DS_Store",
                "jobs/.idea/workspace.xml",
                "jobs/jobs.iml",
                "README.md~",
                "connectors/target/classes/a.txt"
            })
    void whatIsStrayIsSeen(String name) {
        assertThat(isStray(Path.of(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".gitignore", "jobs/bin/flink-peft", "examples/chaos/log4j2.properties"})
    void whatIsOursIsNoStray(String name) {
        assertThat(isStray(Path.of(name))).isFalse();
    }

    @Test
    void aSourceArchiveIsSeenAsARepositoryIs(@TempDir Path archive) throws IOException {
        Files.writeString(archive.resolve(".gitignore"), "target/\n*.class\n");
        Files.createDirectories(archive.resolve("jobs/target"));
        for (String name : List.of("jobs/target/a.txt", "jobs/A.class", "jobs/pom.xml", "b.log")) {
            Files.writeString(archive.resolve(name), "");
        }

        assertThat(RepositoryFiles.unignored(archive))
                .map(RepositoryFilesTest::unix)
                .containsExactlyInAnyOrder(".gitignore", "jobs/pom.xml", "b.log");
    }

    private static boolean isStray(Path file) {
        return STRAY.matcher(unix(file)).matches();
    }

    private static String unix(Path file) {
        return file.toString().replace('\\', '/');
    }
}
