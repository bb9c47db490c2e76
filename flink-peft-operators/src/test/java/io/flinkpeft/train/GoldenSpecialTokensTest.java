package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Special tokens that are written in texts: see {@code golden/generate_special_tokens.py}. */
class GoldenSpecialTokensTest {

    // single precision on both sides, other orders of summation
    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "deberta-v2",
                "gpt2-cls",
                "llama-cls",
                "qwen2-cls",
                "qwen3-cls",
                "bart-cls",
                "t5-cls"
            })
    void logitsAreThoseOfTransformers(String model) {
        JsonNode golden = TinyModels.json(TinyModels.golden().resolve("special_tokens.json"));
        String path = TinyModels.gridModel(model).path().toString();
        try (ModelPredictor predictor = ModelPredictor.open(path, "cpu", "fp32", 64)) {
            for (JsonNode line : golden.get(model)) {
                String text = line.get("text").asText();
                var request = List.of(new Request<ServingAdapter>(null, text, null));
                float[] logits = Predicted.labels(predictor, request).get(0).logits();
                for (int i = 0; i < logits.length; i++) {
                    assertThat((double) logits[i])
                            .as(text)
                            .isCloseTo(line.get("logits").get(i).asDouble(), within(TOLERANCE));
                }
            }
        }
    }
}
