package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.task.AnswerSpan;
import io.flinkpeft.task.Decoding;
import io.flinkpeft.task.GeneratedText;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Labels;
import io.flinkpeft.task.Numbers;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import io.flinkpeft.task.TargetEnd;
import io.flinkpeft.task.TextSettings;
import io.flinkpeft.task.TokenClassificationTask;
import io.flinkpeft.task.WordLabels;
import io.flinkpeft.testing.Predicted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What an adapter predicts for the lines of a golden case, against what PEFT says of them. */
final class GoldenPredictions {

    private static final int NEW_TOKENS = 8;

    private final GoldenCase golden;
    private final String suffix;
    private final double tolerance;
    private final ModelPredictor predictor;
    private final List<Request<ServingAdapter>> requests;

    private GoldenPredictions(
            GoldenCase golden,
            String suffix,
            double tolerance,
            ModelPredictor predictor,
            ServingAdapter adapter) {
        this.golden = golden;
        this.suffix = suffix;
        this.tolerance = tolerance;
        this.predictor = predictor;
        this.requests = golden.examples().stream().map(e -> request(e, adapter)).toList();
    }

    private static Request<ServingAdapter> request(Example e, ServingAdapter adapter) {
        return new Request<ServingAdapter>(adapter, e.text(), e.textPair(), e.target());
    }

    /**
     * Checks what {@code golden.json} has.
     *
     * @param suffix of its keys: {@code _trained} or nothing
     * @param adapter a directory; null for the model as it is
     * @param tolerance of logits and losses; tokens are compared exactly
     */
    static void check(GoldenCase golden, String suffix, Path adapter, double tolerance)
            throws IOException {
        String model = golden.model().toString();
        try (ModelPredictor predictor =
                        ModelPredictor.open(
                                model,
                                "cpu",
                                "fp32",
                                TextSettings.of(128).withTargetEnd(TargetEnd.AS_WRITTEN));
                ServingAdapter serving = adapter == null ? null : predictor.load("a", adapter)) {
            new GoldenPredictions(golden, suffix, tolerance, predictor, serving).check();
        }
    }

    private void check() throws IOException {
        boolean checked = false;
        if (has("loss")) {
            assertThat(Predicted.losses(predictor, requests))
                    .containsExactly(GoldenCase.numbers(expected("loss")), within(tolerance));
            checked = true;
        }
        if (has("logits")
                && !golden.head().predictsOneLabel()
                && !(golden.head().name().equals("TOKEN_CLASSIFICATION"))) {
            checkNumbers();
            checked = true;
        } else if (has("logits")) {
            if (golden.cloze().isEmpty() && golden.head().equals(new TokenClassificationTask())) {
                checkWords();
            } else {
                checkClasses();
            }
            checked = true;
        }
        if (has("start_logits")) {
            checkSpans();
            checked = true;
        }
        if (has("generated_ids")) {
            checkTokens();
        }
        assertThat(checked).as("%s has predictions to compare", golden).isTrue();
    }

    private boolean has(String key) {
        return golden.json().has(key + suffix);
    }

    private JsonNode expected(String key) {
        return golden.json().get(key + suffix);
    }

    private void checkNumbers() {
        List<Prediction> predicted = predictor.predict(requests);
        for (int i = 0; i < predicted.size(); i++) {
            float[] values =
                    predicted.get(i) instanceof Labels labels
                            ? labels.logits()
                            : ((Numbers) predicted.get(i)).values();
            checkLogits(values, expected("logits").get(i), "line " + i);
        }
    }

    private void checkClasses() {
        List<Label> predicted = Predicted.labels(predictor, requests);
        for (int i = 0; i < predicted.size(); i++) {
            checkLogits(predicted.get(i).logits(), expected("logits").get(i), "line " + i);
        }
    }

    /** PEFT has logits of every token, we have those of each word's first one. */
    private void checkWords() throws IOException {
        try (TextTokenizer tokenizer =
                TextTokenizer.open(golden.model().resolve("tokenizer.json"))) {
            List<WordLabels> predicted = Predicted.words(predictor, requests);
            for (int i = 0; i < predicted.size(); i++) {
                String text = requests.get(i).text();
                int[] firsts = tokenizer.words(text, 128).firsts();
                List<Label> words = predicted.get(i).words();
                assertThat(words).hasSize(text.split(" ").length).hasSize(firsts.length);
                for (int w = 0; w < firsts.length; w++) {
                    checkLogits(
                            words.get(w).logits(),
                            expected("logits").get(i).get(firsts[w]),
                            "line " + i + ", word " + w);
                }
            }
        }
    }

    private void checkSpans() {
        List<AnswerSpan> answers = Predicted.spans(predictor, requests);
        for (int i = 0; i < answers.size(); i++) {
            AnswerSpan answer = answers.get(i);
            checkLogits(answer.startLogits(), expected("start_logits").get(i), "starts " + i);
            checkLogits(answer.endLogits(), expected("end_logits").get(i), "ends " + i);
        }
    }

    private void checkLogits(float[] logits, JsonNode expected, String what) {
        assertThat(BertTwin.doubles(logits))
                .as("logits%s, %s", suffix, what)
                .containsExactly(GoldenCase.numbers(expected), within(tolerance));
    }

    private void checkTokens() {
        List<GeneratedText> generated =
                Predicted.texts(predictor, requests, Decoding.greedy(NEW_TOKENS));
        for (int i = 0; i < generated.size(); i++) {
            assertThat(Arrays.stream(generated.get(i).ids()).asDoubleStream().toArray())
                    .as("generated_ids%s, line %d", suffix, i)
                    .containsExactly(GoldenCase.numbers(expected("generated_ids").get(i)));
        }
    }
}
