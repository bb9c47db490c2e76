package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsWriter;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * GPT-2 with other scales of attention, whose queries make good for them: heads are 4 wide, so all
 * factors are powers of two and the losses are the same to the last bit.
 */
class Gpt2ScalesTest {

    private static final ModelDirectory MODEL = TinyModels.gridModel("gpt2");

    @TempDir private Path dir;

    @Test
    void attentionWithoutTheRootTakesQueriesAsTheyAre() throws IOException {
        double[] losses = losses(MODEL.path());
        assertThat(losses(variant("scale_attn_weights", false, 0.5, 0.5))).isEqualTo(losses);
        assertThat(losses(variant("scale_attn_weights", true, 0.5, 0.5))).isNotEqualTo(losses);
    }

    @Test
    void attentionMayDivideByTheLayersNumber() throws IOException {
        double[] losses = losses(MODEL.path());
        String key = "scale_attn_by_inverse_layer_idx";
        assertThat(losses(variant(key, true, 1, 2))).isEqualTo(losses);
        assertThat(losses(variant(key, false, 1, 2))).isNotEqualTo(losses);
    }

    private static double[] losses(Path model) {
        try (ModelPredictor predictor = ModelPredictor.open(model.toString(), "cpu", "fp32", 64)) {
            return Predicted.losses(
                    predictor,
                    List.of(
                            new Request<ServingAdapter>(
                                    null, "rain and fog on the coast", null, null),
                            new Request<ServingAdapter>(null, "the team won", null, null)));
        }
    }

    /** The model with a setting, and its queries times a factor a layer. */
    private Path variant(String key, boolean value, double... factors) throws IOException {
        Path target = Files.createTempDirectory(dir, "model");
        List<TensorView> tensors = new ArrayList<>();
        for (TensorView tensor : MODEL.tensors().values()) {
            float[] values = tensor.toFloats();
            for (int layer = 0; layer < factors.length; layer++) {
                if (tensor.name().contains("h." + layer + ".attn.c_attn.")) {
                    scaleQueries(values, (float) factors[layer]);
                }
            }
            tensors.add(TensorView.of(tensor.name(), values, tensor.dimensions()));
        }
        Files.write(
                target.resolve("model.safetensors"), SafetensorsWriter.toBytes(tensors, Map.of()));
        Files.copy(MODEL.path().resolve("tokenizer.json"), target.resolve("tokenizer.json"));
        var config = (ObjectNode) TinyModels.json(MODEL.path().resolve("config.json"));
        byte[] json = new ObjectMapper().writeValueAsBytes(config.put(key, value));
        Files.write(target.resolve("config.json"), json);
        return target;
    }

    /** A third of each row of the weight, and of the bias, are the queries. */
    private static void scaleQueries(float[] values, float factor) {
        int width = MODEL.config().hiddenSize();
        for (int i = 0; i < values.length; i++) {
            if (i % (3 * width) < width) {
                values[i] *= factor;
            }
        }
    }
}
