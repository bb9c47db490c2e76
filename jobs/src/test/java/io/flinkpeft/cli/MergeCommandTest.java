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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeCommandTest {

    private static final Path ADAPTER = TinyModels.golden().resolve("lora-qv/trained");

    @TempDir private Path dir;

    private Run merge(Path model, Path adapter, Path output, Object... more) {
        var args = new ArrayList<Object>();
        args.addAll(List.of("merge", "--model", model, "--adapter", adapter));
        args.addAll(List.of("--output", output));
        args.addAll(List.of(more));
        return Run.of(args.toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora-qv", "lora-all-rslora", "lora-regex"})
    void theMergedModelPredictsAsTheAdapter(String name) throws IOException {
        Path adapter = TinyModels.golden().resolve(name).resolve("trained");
        Path output = dir.resolve("merged");
        Run run = merge(TinyModels.bert(), adapter, output, "--safe");
        assertThat(run.err()).containsExactly(TinyModels.leftOutOfBert());
        assertThat(run.code()).isZero();
        assertThat(PredictCommandTest.logitsOf(output, dir, null))
                .usingElementComparator(PredictCommandTest.closeTo(1e-5))
                .containsExactlyElementsOf(
                        PredictCommandTest.logitsOf(TinyModels.bert(), dir, adapter));
        assertThat(PredictCommandTest.logitsOf(output, dir, null))
                .usingElementComparator(PredictCommandTest.closeTo(1e-3))
                .isNotEqualTo(PredictCommandTest.logitsOf(TinyModels.bert(), dir, null));
    }

    @Test
    void theOutputMustBeEmpty() throws IOException {
        Path output = Files.createDirectory(dir.resolve("merged"));
        assertThat(merge(TinyModels.bert(), ADAPTER, output).code()).isZero();
        assertThat(merge(TinyModels.bert(), ADAPTER, output).failure())
                .isEqualTo("--output (" + output + ") holds config.json, must be empty.");
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        Path gpt2 = TinyModels.golden().resolve("combine/tiny-gpt2");
        assertThat(merge(gpt2, ADAPTER, dir.resolve("merged")).failure())
                .startsWith("Adapter " + ADAPTER + ": Model " + gpt2 + " has no tensor bert.");
        assertThat(merge(dir.resolve("none"), ADAPTER, dir.resolve("merged")).failure())
                .startsWith("Model (" + dir.resolve("none") + ") must be a directory");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedIfSafe() throws IOException {
        Path broken = Files.createDirectory(dir.resolve("broken"));
        for (String file : List.of("adapter_config.json", "adapter_model.safetensors")) {
            byte[] bytes = Files.readAllBytes(ADAPTER.resolve(file));
            if (file.endsWith("safetensors")) {
                // the last value of the last tensor, the head's: NaN
                bytes[bytes.length - 1] = 0x7f;
                bytes[bytes.length - 2] = (byte) 0xc0;
            }
            Files.write(broken.resolve(file), bytes);
        }
        assertThat(merge(TinyModels.bert(), broken, dir.resolve("merged"), "--safe").failure())
                .isEqualTo(
                        "Adapter "
                                + broken
                                + ": Values of classifier.weight must be finite. Maybe the adapter is"
                                + " broken.");
        assertThat(dir.toFile().list()).containsExactly("broken");
        assertThat(merge(TinyModels.bert(), broken, dir.resolve("merged")).code()).isZero();
    }

    @Test
    void anotherWeightOfTheModelIsNoted() {
        Path gpt2 = TinyModels.golden().resolve("combine/tiny-gpt2");
        Path adapter = TinyModels.golden().resolve("combine/gpt2-lora");
        Run run = merge(gpt2, adapter, dir.resolve("merged"));
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .containsExactly(
                        "Tensor transformer.wte.weight is tied to the output layer, which changes"
                                + " with it, as in PEFT. Maybe untie the model first.");
        assertThat(dir.resolve("merged")).isDirectoryContaining("glob:**generation_config.json");
    }

    @Test
    void whatIsLeftOutIsNoted() throws IOException {
        Path model = Files.createDirectory(dir.resolve("model"));
        Path adapter = Files.createDirectory(dir.resolve("adapter"));
        copy(TinyModels.bert(), model);
        copy(ADAPTER, adapter);
        for (String file : List.of("pytorch_model.bin", "model.onnx")) {
            Files.writeString(model.resolve(file), "other weights");
        }
        Path settings = adapter.resolve("adapter_config.json");
        Files.writeString(
                settings, Files.readString(settings).replaceFirst("\\{", "{\"from_tomorrow\": 1,"));
        Run run = merge(model, adapter, dir.resolve("merged"));
        assertThat(run.code()).isZero();
        assertThat(run.err())
                .contains(
                        "Adapter "
                                + adapter
                                + ": adapter_config.json: from_tomorrow (1) is ignored, PEFT 0.21.0"
                                + " does not know it.",
                        "Model "
                                + model
                                + ": golden.safetensors, model.onnx, pytorch_model.bin left"
                                + " out: the adapter is merged into model.safetensors alone.");
        assertThat(dir.resolve("merged/pytorch_model.bin")).doesNotExist();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
