package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.file.PeftCodecs;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The files of a trained adapter against those that PEFT wrote. */
final class GoldenFiles {

    private GoldenFiles() {}

    /** Checks names, shapes and values of the tensors, and the configuration. */
    static void assertSame(GoldenCase golden, Path written) throws IOException {
        var own = SafetensorsFile.open(written.resolve(PeftDirectory.TENSORS)).tensors();
        List<TensorView> expected =
                SafetensorsFile.open(golden.trainedTensors()).tensors().values().stream()
                        .filter(
                                tensor ->
                                        !PeftCodecs.tensors(golden.method())
                                                .redundant(tensor.name()))
                        .toList();
        assertThat(own.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(TensorView::name).toList());
        JsonNode json = golden.json();
        for (TensorView tensor : expected) {
            assertSame(json, own.get(tensor.name()), tensor);
        }
        if (golden.hasInit()) {
            assertThat(config(written)).isEqualTo(config(golden.trained()));
        }
    }

    private static void assertSame(JsonNode golden, TensorView own, TensorView expected) {
        assertThat(own.shape()).as(expected.name()).isEqualTo(expected.shape());
        double[] values = BertTwin.doubles(own.toFloats());
        double[] right = BertTwin.doubles(expected.toFloats());
        for (int i = 0; i < right.length; i++) {
            if (GoldenCase.leftOut(golden, expected.name(), i)) {
                values[i] = right[i];
            }
        }
        assertThat(values).as(expected.name()).containsExactly(right, within(1e-4));
    }

    private static JsonNode config(Path directory) {
        var json = (ObjectNode) TinyModels.json(directory.resolve(PeftDirectory.CONFIG));
        // ours lists each layer by its whole name: the tensors say that they are the same; without
        // a
        // task PEFT writes the Python class of the model
        return json.without(
                List.of(
                        "base_model_name_or_path",
                        "target_modules",
                        "feedforward_modules",
                        "auto_mapping"));
    }
}
