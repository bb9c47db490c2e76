package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.CodeBlocks;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script runs what was packaged. Runs after packaging, not with the tests. */
@Tag("distribution")
class DistributionCheck {

    private static final Path HOME = Path.of(System.getProperty("distribution"));

    @TempDir private Path dir;

    /** What a process gave back. */
    private record Ended(int code, String out, List<String> err) {}

    @Test
    void theScriptPredicts() throws Exception {
        Path input = Files.writeString(dir.resolve("in.jsonl"), "{\"text\": \"Dry wind\"}\n");
        Path output = dir.resolve("out.jsonl");
        Ended ended =
                script(
                        HOME,
                        "predict",
                        "--model",
                        TinyModels.bert().toString(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString());
        assertThat(ended.err).isEmpty();
        assertThat(ended.code).isZero();
        assertThat(output).content().startsWith("{\"label\":\"").contains("\"logits\":[");
    }

    @Test
    void anErrorIsOneLine() throws Exception {
        Ended ended = script(HOME, "inspect", dir.resolve("none").toString());
        assertThat(ended.code).isEqualTo(1);
        assertThat(ended.err).singleElement().asString().contains("none", "must be");
    }

    @Test
    void withoutADistributionTheScriptSaysSo() throws Exception {
        Ended ended = script(dir, "inspect", ".");
        assertThat(ended.code).isEqualTo(1);
        assertThat(ended.err)
                .containsExactly(
                        "Distribution ("
                                + dir
                                + ") must be a folder with lib. Maybe build it: mvn package"
                                + " -Dquick.");
    }

    @Test
    void flinksLibGetsWhatItLacksAndNothingThatItHas() {
        List<String> jars = List.of(HOME.resolve("lib").toFile().list());
        assertThat(jars)
                .anyMatch(jar -> jar.startsWith("flink-peft-operators"))
                .anyMatch(jar -> jar.startsWith("flink-peft-connectors"))
                .anyMatch(jar -> jar.startsWith("flink-peft-jobs"))
                .anyMatch(jar -> jar.startsWith("pytorch-native-cpu"))
                .anyMatch(jar -> jar.startsWith("kafka-clients"))
                .noneMatch(jar -> jar.startsWith("slf4j") || jar.startsWith("log4j"))
                .noneMatch(jar -> jar.matches("flink-(core|runtime|streaming|table|clients).*"));
    }

    @Test
    void itsReadmeHasTheLineOfConfigurationThatTheProjectsHas() throws IOException {
        assertThat(HOME.resolve("README.md"))
                .content()
                .contains(
                        CodeBlocks.lines("README.md").stream()
                                .filter(line -> line.startsWith("classloader."))
                                .toList());
    }

    private Ended script(Path home, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of("bin/flink-peft").toAbsolutePath() + ""));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command);
        builder.environment().put("FLINK_PEFT_HOME", home.toString());
        Path out = dir.resolve("stdout");
        Path err = dir.resolve("stderr");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int code = process.waitFor();
        return new Ended(
                code,
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readAllLines(err, StandardCharsets.UTF_8));
    }
}
