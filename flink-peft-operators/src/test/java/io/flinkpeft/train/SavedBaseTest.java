package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.method.file.PeftDirectory;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the right base is accepted is a case of {@link GoldenGridTest}. */
class SavedBaseTest {

    private static final GoldenCase GOLDEN =
            new GoldenCase(TinyModels.golden().resolve("grid/llama/lora-embedding"));
    private static final String WEIGHT = "base_model.model.model.embed_tokens.base_layer.weight";

    @TempDir private Path dir;

    @Test
    void embeddingsThatAreNotTheBasesAreRefused() throws IOException {
        PeftAdapter saved = AdapterDirectory.read(GOLDEN.init()).adapter();
        var tensors = new TreeMap<>(saved.tensors());
        float[] values = tensors.get(WEIGHT).toFloats();
        values[7] *= 1.1f;
        long[] shape = tensors.get(WEIGHT).dimensions();
        tensors.put(WEIGHT, TensorView.of(WEIGHT, values, shape));
        PeftDirectory.write(dir, PeftAdapter.of(saved.config(), "", tensors.values()));
        try (ModelPredictor predictor =
                ModelPredictor.open(GOLDEN.model().toString(), "cpu", "fp32", 64)) {
            assertThatThrownBy(() -> predictor.load("a", dir))
                    .hasMessageStartingWith(
                            "The adapter has its base's weight of model.embed_tokens [104, 32],"
                                    + " must have the model's [104, 32] with the same values.");
        }
    }
}
