package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BERT's tokenizer splits what is written [SEP] as it splits [ SEP ]. */
class SpecialTokensCommandTest {

    private static final String WRITTEN = "the movie [SEP] was [CLS] good";
    private static final String SPLIT = "the movie [ SEP ] was [ CLS ] good";

    @TempDir private Path dir;

    private Path input(String text) throws IOException {
        String line = "{\"text\": \"" + text + "\", \"label\": \"food\"}\n";
        return Files.writeString(dir.resolve("in.jsonl"), line);
    }

    private String run(String command, String text, Path made, Object... more) throws IOException {
        List<Object> args =
                new ArrayList<>(
                        List.of(
                                command,
                                "--overwrite",
                                "--model",
                                TinyModels.bert(),
                                "--input",
                                input(text),
                                "--output",
                                dir.resolve("out")));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return Files.readString(made);
    }

    private String predicted(String text, Object... more) throws IOException {
        return run("predict", text, dir.resolve("out"), more);
    }

    @Test
    void predictTakesThemAsWritten() throws IOException {
        String split = predicted(SPLIT);
        assertThat(predicted(WRITTEN)).isNotEqualTo(split);
        assertThat(predicted(WRITTEN, "--text.special-tokens", "tokens")).isNotEqualTo(split);
        assertThat(predicted(WRITTEN, "--text.special-tokens", "plain")).isEqualTo(split);
    }

    private String trained(String text, Object... more) throws IOException {
        List<Object> args = new ArrayList<>(List.of(more));
        args.addAll(
                List.of(
                        "--config",
                        TinyModels.golden().resolve("lora-qv/trained/adapter_config.json")));
        return run("train", text, dir.resolve("out/train_log.jsonl"), args.toArray());
    }

    @Test
    void trainTakesThemAsWritten() throws IOException {
        String split = trained(SPLIT);
        assertThat(trained(WRITTEN)).isNotEqualTo(split);
        assertThat(trained(WRITTEN, "--text.special-tokens", "plain")).isEqualTo(split);
    }
}
