package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergedAdapterTest {

    private static final Path GRID = Path.of("src/test/resources/golden/grid");
    private static final List<String> TEXTS =
            List.of("a small town in the north", "to move slowly", "x", "very bright and warm");

    @ParameterizedTest
    @CsvSource({
        "bert,lora-all",
        "bert,lora-patterns",
        "bert,lora-bias",
        "roberta,lora-bias",
        "bert,dora",
        "bert,adalora",
        "bert,ia3",
        "roberta,lora-all",
        "deberta-v2,lora-all"
    })
    void aMergedAdapterPredictsTheSame(String model, String method) {
        try (ModelPredictor predictor = open(model);
                ServingAdapter adapter = predictor.load("a", trained(model, method));
                ServingAdapter merged = predictor.merge(adapter)) {
            float[][] expected = logits(predictor, adapter);
            float[][] own = logits(predictor, merged);
            assertThat(expected[0]).isNotEqualTo(logits(predictor, null)[0]);
            for (int i = 0; i < expected.length; i++) {
                assertThat(own[i]).containsExactly(expected[i], within(1e-5f));
            }
            assertThat(merged.adapterId()).isEqualTo("a");
            assertThat(merged.bytes()).isGreaterThan(adapter.bytes());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2,lora-all",
        "gpt2,dora",
        "gpt2,ia3",
        "llama,lora-all",
        "qwen2,lora-all",
        "t5,lora-all",
        "bart,dora",
        "bart,ia3-lm-head",
        "gpt2,lora-lm-head",
        "llama,adalora-lm-head",
        "t5,dora-lm-head"
    })
    void aMergedLanguageModelIsTheSame(String model, String method) {
        try (ModelPredictor predictor = open(model);
                ServingAdapter adapter = predictor.load("a", trained(model, method));
                ServingAdapter merged = predictor.merge(adapter)) {
            double[] losses = Predicted.losses(predictor, targets(adapter));
            assertThat(losses).isNotEqualTo(Predicted.losses(predictor, targets(null)));
            assertThat(Predicted.losses(predictor, targets(merged)))
                    .containsExactly(losses, within(1e-5));
        }
    }

    @Test
    void switchingLeavesNoTrace() {
        try (ModelPredictor predictor = open("bert");
                ServingAdapter lora = predictor.load("a", trained("bert", "lora-all"));
                ServingAdapter dora = predictor.load("b", trained("bert", "dora"))) {
            float[][] base = logits(predictor, null);
            float[][] first;
            try (ServingAdapter merged = predictor.merge(lora)) {
                first = logits(predictor, merged);
            }
            for (int i = 0; i < 20; i++) {
                try (ServingAdapter merged = predictor.merge(i % 2 == 0 ? dora : lora)) {
                    logits(predictor, merged);
                }
            }
            try (ServingAdapter merged = predictor.merge(lora)) {
                assertThat(logits(predictor, merged)).isDeepEqualTo(first);
            }
            assertThat(logits(predictor, null)).isDeepEqualTo(base);
        }
    }

    @Test
    void mergedAndOtherAdaptersAnswerTogether() {
        try (ModelPredictor predictor = open("bert");
                ServingAdapter lora = predictor.load("a", trained("bert", "lora-all"));
                ServingAdapter merged = predictor.merge(lora)) {
            List<Request<ServingAdapter>> mixed =
                    List.of(
                            new Request<ServingAdapter>(merged, TEXTS.get(0), null),
                            new Request<ServingAdapter>(null, TEXTS.get(0), null),
                            new Request<ServingAdapter>(lora, TEXTS.get(0), null));
            List<Label> answers = Predicted.labels(predictor, mixed);
            assertThat(answers.get(0).logits())
                    .containsExactly(answers.get(2).logits(), within(1e-5f));
            assertThat(answers.get(1).logits()).isNotEqualTo(answers.get(2).logits());
        }
    }

    @Test
    void whatChangesMoreThanLinearLayersIsNotMerged() {
        try (ModelPredictor predictor = open("bert");
                ServingAdapter prefix = predictor.load("a", trained("bert", "prefix"))) {
            assertThatThrownBy(() -> predictor.merge(prefix))
                    .hasMessage(
                            "Adapter a of peft_type (PREFIX_TUNING) must change linear layers only"
                                    + " to be merged.");
        }
    }

    private static ModelPredictor open(String model) {
        return ModelPredictor.open(
                GRID.resolve(model).resolve("model").toString(), "cpu", "fp32", 64);
    }

    private static Path trained(String model, String method) {
        return GRID.resolve(model).resolve(method).resolve("trained");
    }

    private static List<Request<ServingAdapter>> requests(ServingAdapter adapter) {
        return TEXTS.stream()
                .map(text -> new Request<ServingAdapter>(adapter, text, null))
                .toList();
    }

    private static List<Request<ServingAdapter>> targets(ServingAdapter adapter) {
        return TEXTS.stream()
                .map(text -> new Request<ServingAdapter>(adapter, text, null, "of a river"))
                .toList();
    }

    private static float[][] logits(ModelPredictor predictor, ServingAdapter adapter) {
        return Predicted.labels(predictor, requests(adapter)).stream()
                .map(Label::logits)
                .toArray(float[][]::new);
    }
}
