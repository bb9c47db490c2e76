package io.flinkpeft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An output replaces nothing that a command reads, and nothing else without being told to. */
class OutputsTest {

    private static final String LINES = "{\"text\": \"good\", \"label\": \"food\"}\n";

    @TempDir private Path dir;
    private final Path model = TinyModels.bert();
    private Path input;

    @BeforeEach
    void examples() throws IOException {
        input = Files.writeString(dir.resolve("examples.jsonl"), LINES);
    }

    private Run predict(Path output, Object... more) {
        var args = new ArrayList<Object>(List.of("predict", "--model", model));
        args.addAll(List.of("--input", input, "--output", output));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private Run train(Object... more) {
        var args = new ArrayList<Object>(List.of("train", "--model", model, "--input", input));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "link", "hard", "dots", "overwrite"})
    void theInputIsNeverReplaced(String how) throws IOException {
        Path output =
                switch (how) {
                    case "link" -> Files.createSymbolicLink(dir.resolve("l"), input);
                    case "hard" -> Files.createLink(dir.resolve("h"), input);
                    case "dots" -> dir.resolve("../" + dir.getFileName() + "/examples.jsonl");
                    default -> input;
                };
        Object[] more = how.equals("overwrite") ? new Object[] {"--overwrite"} : new Object[0];
        assertThat(predict(output, more).failure())
                .isEqualTo(
                        "--output (%s) must not replace what --input (%s) reads."
                                .formatted(output, input));
        assertThat(input).hasContent(LINES.strip());
    }

    @Test
    void anotherFileIsReplacedOnlyIfToldSo() throws IOException {
        Path output = Files.writeString(dir.resolve("letter.txt"), "dear");
        assertThat(predict(output).failure())
                .isEqualTo(
                        "--output (%s) must not be there. Maybe give --overwrite, which replaces it."
                                .formatted(output));
        assertThat(output).hasContent("dear");
        assertThat(predict(output, "--overwrite").code()).isZero();
        assertThat(output).content().startsWith("{\"label\":");
    }

    @Test
    void anEmptyFileHoldsNothing() throws IOException {
        Path output = Files.createFile(dir.resolve("empty"));
        assertThat(predict(output).code()).isZero();
        assertThat(output).isNotEmptyFile();
    }

    @Test
    void aLinkStaysAndWhatItMeansIsWritten() throws IOException {
        Path real = Files.createFile(dir.resolve("real"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), real);
        assertThat(predict(link).code()).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(real).isNotEmptyFile();
    }

    @Test
    void metricsReplaceNothingEither() throws IOException {
        Path output = dir.resolve("out.jsonl");
        assertThat(predict(output, "--metrics", output).failure())
                .isEqualTo(
                        "--metrics (%s) must not replace what --output (%s) reads."
                                .formatted(output, output));
        Path letter = Files.writeString(dir.resolve("letter.txt"), "dear");
        assertThat(predict(output, "--metrics", letter).failure())
                .startsWith("--metrics (" + letter + ") must not be there.");
        assertThat(output).doesNotExist();
    }

    @Test
    void aFailureLeavesNoHalfFile() throws IOException {
        Files.writeString(input, LINES + "nonsense\n");
        assertThat(predict(dir.resolve("out.jsonl"), "--batch-size", 1).failure())
                .contains("line 2");
        assertThat(dir.toFile().list()).containsExactly("examples.jsonl");
    }

    @Test
    void anAdapterIsReplacedOnlyIfToldSo() throws IOException {
        Path config =
                Files.writeString(
                        dir.resolve("lora.json"),
                        "{\"peft_type\": \"LORA\", \"r\": 1, \"task_type\": \"SEQ_CLS\"}");
        Path output = dir.resolve("adapter");
        assertThat(train("--config", config, "--output", output).code()).isZero();
        assertThat(output.resolve("adapter_model.safetensors"))
                .content(StandardCharsets.ISO_8859_1)
                .contains("base_sha256", "food");
        assertThat(train("--config", config, "--output", output).failure())
                .isEqualTo(
                        "--output (%s) holds adapter_config.json, must be empty. Maybe give"
                                        .formatted(output)
                                + " --overwrite, which replaces an adapter.");
        assertThat(train("--config", config, "--output", output, "--overwrite").code()).isZero();
        assertThat(
                        train(
                                        "--config",
                                        output.resolve("adapter_config.json"),
                                        "--output",
                                        output,
                                        "--overwrite")
                                .failure())
                .contains("must not replace what --config");
        assertThat(train("--adapter", output, "--output", output, "--overwrite").failure())
                .contains("must not replace what --adapter");
        assertThat(dir.toFile().list())
                .containsExactlyInAnyOrder("adapter", "examples.jsonl", "lora.json");
    }

    @Test
    void aFileOfTheModelIsNotReplaced() throws IOException {
        Path config = model.resolve("config.json");
        assertThat(predict(config, "--overwrite").failure())
                .isEqualTo(
                        "--output (%s) must not replace what --model (%s) reads."
                                .formatted(config, model));
    }
}
