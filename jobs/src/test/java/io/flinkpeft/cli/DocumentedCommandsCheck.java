package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.CodeBlocks;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's commands do what it says, in a shell. Runs after packaging, not with the tests. */
@Tag("distribution")
class DocumentedCommandsCheck {

    private static final Path TRAIN = TinyModels.golden().resolve("train.jsonl");
    private static final Path CONFIG =
            TinyModels.golden().resolve("lora-qv/init/adapter_config.json");

    @TempDir private Path dir;

    @Test
    void theReadmesCommandsTrainPredictAndInspect() throws Exception {
        Files.createSymbolicLink(dir.resolve("jobs"), Path.of("").toAbsolutePath());
        Files.copy(CONFIG, dir.resolve("adapter_config.json"));
        Files.copy(TRAIN, dir.resolve("train.jsonl"));
        List<String> texts = List.of("{\"text\": \"Dry wind\"}", "{\"text\": \"\"}");
        Files.write(dir.resolve("test.jsonl"), texts);

        List<String> commands =
                CodeBlocks.lines("README.md").stream()
                        .filter(line -> line.startsWith("jobs/bin/flink-peft "))
                        .toList();
        assertThat(commands)
                .extracting(command -> command.split(" ")[1])
                .containsExactly("train", "predict", "inspect");

        run(commands.get(0));
        assertThat(dir.resolve("adapter/train_log.jsonl")).isRegularFile();
        run(commands.get(1));
        assertThat(Files.readAllLines(dir.resolve("out.jsonl")))
                .hasSameSizeAs(texts)
                .allMatch(line -> line.matches("\\{\"label\":\"(food|weather|sport)\",.*"));
        assertThat(run(commands.get(2))).contains("method: LORA", "tensor ");
    }

    private String run(String command) throws IOException, InterruptedException {
        String concrete =
                command.replaceAll("\\bMODEL\\b", TinyModels.bert().toString())
                        .replaceAll("\\bADAPTER\\b", "adapter");
        Path output = dir.resolve("output");
        Process process =
                new ProcessBuilder("bash", "-c", concrete)
                        .directory(dir.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int code = process.waitFor();
        String printed = Files.readString(output);
        assertThat(code).as("%s: %s", concrete, printed).isZero();
        return printed;
    }
}
