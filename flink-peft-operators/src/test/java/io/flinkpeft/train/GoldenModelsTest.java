package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.task.Cloze;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.ChangedModel;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What transformers says with files that differ from those that it writes today. */
class GoldenModelsTest {

    /** Single precision on another machine. */
    private static final double TOLERANCE = 5e-5;

    private static final JsonNode GOLDEN =
            TinyModels.json(TinyModels.golden().resolve("models.json"));

    @TempDir Path directory;

    static Stream<Arguments> cases() {
        return StreamSupport.stream(GOLDEN.get("cases").spliterator(), false)
                .map(golden -> arguments(golden.get("name").asText(), golden));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void saysWhatTransformersSays(String name, JsonNode expected) throws Exception {
        Path model = ChangedModel.write(expected, directory);
        try (ModelPredictor predictor = ModelPredictor.open(model.toString(), "cpu", "fp32", 64)) {
            switch (expected.get("kind").asText()) {
                case "scores" -> scores(predictor, expected.get("values"));
                case "mask" -> mask(predictor, expected.get("values"));
                case "losses" -> losses(predictor, null, expected.get("values"));
                case "target_losses" ->
                        losses(predictor, GOLDEN.get("target").asText(), expected.get("values"));
                default -> throw new IllegalArgumentException(expected.toString());
            }
        }
    }

    private static List<Request<ServingAdapter>> requests(String target) {
        return StreamSupport.stream(GOLDEN.get("texts").spliterator(), false)
                .map(text -> new Request<ServingAdapter>(null, text.asText(), null, target))
                .toList();
    }

    private static void scores(ModelPredictor predictor, JsonNode values) {
        List<Label> results = Predicted.labels(predictor, requests(null));
        for (int i = 0; i < results.size(); i++) {
            Label result = results.get(i);
            JsonNode expected = values.get(i);
            for (int j = 0; j < result.labels().size(); j++) {
                assertThat(result.scores()[j])
                        .as(result.labels().get(j))
                        .isCloseTo(
                                expected.get(result.labels().get(j)).asDouble(), within(TOLERANCE));
            }
            assertThat(result.label()).isEqualTo(expected.fieldNames().next()); // the first is best
            assertThat(result.labels()).hasSize(expected.size());
        }
    }

    /** Logits of words at a mask. */
    private static void mask(ModelPredictor predictor, JsonNode values) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        values.get(0).fieldNames().forEachRemaining(word -> words.put(word, List.of(word)));
        var task = new ClozeTask(new Cloze("{text} [MASK]", words));
        try (ServingAdapter cloze = predictor.alone(task)) {
            List<Request<ServingAdapter>> requests =
                    requests(null).stream().map(request -> request.to(cloze)).toList();
            List<Label> results = Predicted.labels(predictor, requests);
            for (int i = 0; i < results.size(); i++) {
                for (int j = 0; j < words.size(); j++) {
                    String word = results.get(i).labels().get(j);
                    assertThat(results.get(i).logits()[j])
                            .as(word)
                            .isCloseTo(
                                    (float) values.get(i).get(word).asDouble(),
                                    within((float) TOLERANCE));
                }
            }
        }
    }

    private static void losses(ModelPredictor predictor, String target, JsonNode values) {
        double[] losses = Predicted.losses(predictor, requests(target));
        for (int i = 0; i < losses.length; i++) {
            assertThat(losses[i]).isCloseTo(values.get(i).asDouble(), within(TOLERANCE));
        }
    }
}
