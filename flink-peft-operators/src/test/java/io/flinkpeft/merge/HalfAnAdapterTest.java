package io.flinkpeft.merge;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings mean and a file lacks is refused by its name. */
class HalfAnAdapterTest {

    @TempDir private Path dir;

    private Path without(Path source, String part) throws IOException {
        Path adapter = CombineGolden.copy(source, dir.resolve("half"));
        Path file = adapter.resolve(PeftDirectory.TENSORS);
        var tensors = new TreeMap<>(SafetensorsFile.of(Files.readAllBytes(file)).tensors());
        tensors.keySet().removeIf(name -> name.matches(".*" + part + ".*"));
        SafetensorsWriter.write(file, tensors.values(), Map.of("format", "pt"));
        return adapter;
    }

    private void merge(Path model, Path adapter) throws IOException {
        ModelMerge.merge(model, adapter, dir.resolve("merged"), Rounding.ONCE);
    }

    @ParameterizedTest
    @CsvSource({
        "layer\\.1\\.attention.self.query, bert.encoder.layer.1.attention.self.query",
        "layer\\.0\\., bert.encoder.layer.0.attention.self.query",
        "self.value, bert.encoder.layer.0.attention.self.value",
        "classifier.weight, classifier.weight",
        "classifier, classifier.bias"
    })
    void aPartThatIsMissingIsNamed(String part, String name) throws IOException {
        Path half = without(TinyModels.golden().resolve("lora-qv/trained"), part);
        assertThatThrownBy(() -> merge(TinyModels.bert(), half))
                .hasMessageContaining("The adapter lacks [" + name)
                .hasMessageEndingWith("Maybe its file is only a part.");
    }

    @Test
    void soAreMagnitudes() throws IOException {
        Path half = without(CombineGolden.FOLDER.resolve("gpt2-dora"), "magnitude_vector");
        assertThatThrownBy(() -> merge(CombineGolden.GPT2, half))
                .hasMessageContaining(
                        ".lora_magnitude_vector must be there, as use_dora (true) says.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lora", "lora-all", "lora-patterns", "ia3", "adalora", "dora"})
    void aWholeAdapterIsNot(String name) throws IOException {
        for (String model : new String[] {"bert", "gpt2", "llama", "t5"}) {
            Path grid = TinyModels.golden().resolve("grid").resolve(model);
            if (Files.exists(grid.resolve(name))) {
                assertThatCode(
                                () ->
                                        ModelMerge.merge(
                                                grid.resolve("model"),
                                                grid.resolve(name).resolve("trained"),
                                                dir.resolve(model),
                                                Rounding.ONCE))
                        .as(model)
                        .doesNotThrowAnyException();
            }
        }
    }
}
