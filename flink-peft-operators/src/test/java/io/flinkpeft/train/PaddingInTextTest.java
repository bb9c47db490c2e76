package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RoBERTa reads positions from its tokens. The numbers are of transformers 5.18 and PEFT 0.21. */
class PaddingInTextTest {

    private static final Path GRID = TinyModels.golden().resolve("grid/roberta");
    private static final Path MODEL = GRID.resolve("model");

    @TempDir private Path dir;

    @Test
    void paddingThatIsWrittenHasThePositionOfPadding() {
        try (ModelPredictor predictor = ModelPredictor.open(MODEL.toString(), "cpu", "fp32", 64)) {
            List<Label> all =
                    Predicted.labels(
                            predictor,
                            List.of(
                                    request("the rain <pad> is here"),
                                    request("<pad>the rain"),
                                    request("a goal"),
                                    request("the rain <pad><pad> <pad>")));
            is(all.get(0), 1.26007, 0.17649, -0.52047);
            is(all.get(1), 1.09362, -0.05812, -0.23102);
            is(all.get(2), 1.50997, 1.13660, -0.52149);
            is(all.get(3), 1.39019, 0.65790, -0.67680);
        }
    }

    @Test
    void aTokenOfEveryTextMayBePadding() throws IOException {
        for (String file :
                List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(MODEL.resolve(file), dir.resolve(file));
        }
        String config = Files.readString(MODEL.resolve("config.json"), StandardCharsets.UTF_8);
        Files.writeString(
                dir.resolve("config.json"),
                config.replace("\"pad_token_id\": 1", "\"pad_token_id\": 0"));
        try (ModelPredictor predictor = ModelPredictor.open(dir.toString(), "cpu", "fp32", 64)) {
            is(
                    Predicted.labels(predictor, List.of(request("the rain is here"))).get(0),
                    -0.22089,
                    -0.99758,
                    0.39463);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lora, 0.0331, 0.1558, 0.4517",
        "prefix, 0.3800, 0.4574, 0.7307",
        "prompt-tuning, 0.6093, 0.8928, 1.4576"
    })
    void soItIsUnderAnAdapter(String method, double a, double b, double c) throws IOException {
        try (ModelPredictor predictor = ModelPredictor.open(MODEL.toString(), "cpu", "fp32", 64);
                ServingAdapter adapter =
                        predictor.load("a", new GoldenCase(GRID.resolve(method)).trained())) {
            var request = new Request<ServingAdapter>(adapter, "the rain <pad> is here", null);
            List<Request<ServingAdapter>> requests = new ArrayList<>(List.of(request, request));
            for (Label each : Predicted.labels(predictor, requests)) {
                is(each, a, b, c);
            }
        }
    }

    private static Request<ServingAdapter> request(String text) {
        return new Request<ServingAdapter>(null, text, null);
    }

    private static void is(Label actual, double... logits) {
        assertThat(actual.logits()).hasSize(logits.length);
        for (int i = 0; i < logits.length; i++) {
            assertThat((double) actual.logits()[i]).isCloseTo(logits[i], within(1e-4));
        }
    }
}
