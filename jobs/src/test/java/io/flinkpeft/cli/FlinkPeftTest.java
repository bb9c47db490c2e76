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

/** What goes wrong is one line and leaves nothing behind. */
class FlinkPeftTest {

    private static final Path INIT = TinyModels.golden().resolve("lora-qv/init");
    private static final Path DATA = TinyModels.golden().resolve("train.jsonl");

    @TempDir private Path dir;

    @Test
    void aCommandMustBeKnown() {
        assertThat(Run.of().failure())
                .isEqualTo(
                        "Command must be one of train, predict, merge, combine, inspect. Maybe see"
                                + " flink-peft --help.");
        assertThat(Run.of("fry").failure()).contains("fry");
    }

    @Test
    void anOptionMustBeKnownAndOfItsType() {
        assertThat(train(TinyModels.bert(), INIT, DATA, "--rate", 3).failure()).contains("--rate");
        assertThat(train(TinyModels.bert(), INIT, DATA, "--epochs", "x").failure())
                .contains("--epochs", "x");
        assertThat(train(TinyModels.bert(), INIT, DATA, "--epochs", 0).failure())
                .isEqualTo("--epochs (0) must be more than 0.");
        assertThat(train(TinyModels.bert(), INIT, DATA, "--dtype", "fp8").failure())
                .contains("--dtype", "fp8");
        assertThat(Run.of("train", "--model", "m", "--input", "i", "--output", "o").failure())
                .contains("--adapter", "--config");
        assertLeftNothing();
    }

    @Test
    void aModelMustExist() {
        assertThat(train(dir.resolve("none"), INIT, DATA).failure())
                .startsWith("Model (" + dir.resolve("none") + ") must be a directory");
        assertLeftNothing();
    }

    @Test
    void anAdapterMustFitTheModel() throws IOException {
        Path wide = copy(INIT);
        String config = Files.readString(INIT.resolve("adapter_config.json"));
        Files.writeString(
                wide.resolve("adapter_config.json"), config.replace("\"r\": 4", "\"r\": 5"));
        assertThat(train(TinyModels.bert(), wide, DATA).failure())
                .contains("Adapter " + wide, "has shape [4, 32]", "the model needs [5, 32]");
    }

    @Test
    void tensorsMustBeWhole() throws IOException {
        Path torn = copy(INIT);
        Path file = torn.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 100));
        assertThat(train(TinyModels.bert(), torn, DATA).failure()).contains("Adapter " + torn);
        assertThat(Run.of("inspect", file).failure()).contains(file.toString());
    }

    @Test
    void aPickleIsNotOpened() throws IOException {
        Path pickle = copy(INIT);
        Files.move(
                pickle.resolve("adapter_model.safetensors"), pickle.resolve("adapter_model.bin"));
        assertThat(Run.of("inspect", pickle).failure()).contains("pickle");
        assertThat(Run.of("inspect", pickle.resolve("adapter_model.bin")).failure())
                .contains("must be a .safetensors file");
    }

    @Test
    void aLineMustBeAnExample() throws IOException {
        assertThat(train(TinyModels.bert(), INIT, lines("{\"text\": \"a\"", "x")).failure())
                .startsWith(dir.resolve("lines.jsonl") + " line 1: Record must be JSON: ");
        assertThat(train(TinyModels.bert(), INIT, lines("{\"text\":\"a\"}", "[1]")).failure())
                .isEqualTo(dir.resolve("lines.jsonl") + " line 2: Record must be a JSON object.");
        assertThat(train(TinyModels.bert(), INIT, lines("{\"label\": \"food\"}")).failure())
                .isEqualTo(
                        dir.resolve("lines.jsonl")
                                + " line 1: Field text (missing) must be there.");
        assertThat(train(TinyModels.bert(), INIT, lines("{\"text\": 7}")).failure())
                .isEqualTo(dir.resolve("lines.jsonl") + " line 1: Field text (7) must be text.");
        assertThat(
                        train(
                                        TinyModels.bert(),
                                        INIT,
                                        lines("{\"text\": \"a\", \"label\": \"gold\"}"))
                                .failure())
                .isEqualTo(
                        dir.resolve("lines.jsonl")
                                + " line 1 has label (gold), must have one of [food, weather,"
                                + " sport].");
        assertThat(train(TinyModels.bert(), INIT, lines("{\"text\": \"a\"}")).failure())
                .endsWith("has no line with a label, must have one.");
    }

    @Test
    void aBrokenLineLeavesNoPredictions() throws IOException {
        Path output = dir.resolve("out.jsonl");
        Run run =
                Run.of(
                        "predict",
                        "--model",
                        TinyModels.bert(),
                        "--input",
                        lines("{\"text\": \"a\"}", "oops"),
                        "--output",
                        output,
                        "--batch-size",
                        1);
        assertThat(run.failure()).contains(" line 2: Record must be JSON");
        assertThat(dir.toFile().list()).containsExactly("lines.jsonl");
    }

    @Test
    void inspectShowsAModelAnAdapterAndAFile() {
        assertThat(Run.of("inspect", TinyModels.bert()).out())
                .contains("labels: [food, weather, sport]", "layers: 2", "tensors, ");
        assertThat(Run.of("inspect", INIT).out())
                .contains(
                        "method: LORA",
                        "\"r\": 4",
                        "tensor base_model.model.classifier.bias: F32 [3]");
        assertThat(Run.of("inspect", INIT.resolve("adapter_model.safetensors")).out())
                .contains("metadata format: pt", "total: ");
    }

    @Test
    void debugShowsWhereAnErrorComesFrom() {
        assertThat(Run.of("--debug", "inspect", dir).err()).hasSizeGreaterThan(1);
        assertThat(Run.of("inspect", "--debug", dir).err()).hasSizeGreaterThan(1);
    }

    private Run train(Path model, Path adapter, Path input, Object... more) {
        var args = new ArrayList<Object>(List.of("train", "--model", model, "--adapter", adapter));
        args.addAll(List.of("--input", input, "--output", dir.resolve("out")));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    private Path lines(String... lines) throws IOException {
        return Files.write(dir.resolve("lines.jsonl"), List.of(lines));
    }

    private Path copy(Path adapter) throws IOException {
        Path copy = Files.createDirectory(dir.resolve("copy"));
        try (var files = Files.list(adapter)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private void assertLeftNothing() {
        assertThat(dir).isEmptyDirectory();
    }
}
