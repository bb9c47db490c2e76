package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as spans, against what transformers and PEFT computed and wrote. */
class GoldenQuestionAnsweringTest {

    @TempDir private Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {"bert-qa/lora", "bert-qa/prefix", "roberta-qa/lora", "deberta-v2-qa/lora"})
    void logitsAndTrainingAreThoseOfPeft(String name) throws Exception {
        var golden = new GoldenCase(TinyModels.golden().resolve("grid").resolve(name));
        assertLogits(golden, golden.init(), "");
        assertLogits(golden, golden.trained(), "_trained");
        AdapterDirectory init = AdapterDirectory.read(golden.init());
        if (!init.config().resumable()) {
            return;
        }
        TrainerConfig config =
                TrainerConfig.of(golden.model().toString(), init.config())
                        .withHead(HeadKind.SPANS)
                        .withDtype("fp32")
                        .withOptimizer(
                                new OptimizerConfig(
                                        1e-2,
                                        1e-2,
                                        0.01,
                                        0.9,
                                        0.999,
                                        1e-8,
                                        Double.POSITIVE_INFINITY));
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            LiveAdapter adapter = trainer.load("a", init);
            double[] losses = new double[GoldenCase.STEPS];
            for (int step = 0; step < GoldenCase.STEPS; step++) {
                var batch = new Batch(adapter, golden.batches().get(step), List.of());
                BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
                losses[step] = outcome.loss();
                adapter = outcome.after();
                assertThat(outcome.results()).allMatch(r -> Double.isFinite(r.loss()));
            }
            assertThat(losses).containsExactly(golden.numbers("losses"), within(1e-4));
            trainer.export(adapter, dir.resolve("out"));
        }
        var written = AdapterDirectory.read(dir.resolve("out")).adapter().tensors();
        var expected = AdapterDirectory.read(golden.trained()).adapter().tensors();
        assertThat(written.keySet()).isEqualTo(expected.keySet());
        for (TensorView tensor : expected.values()) {
            if (!golden.leftOut().contains(tensor.name())) {
                assertThat(BertTwin.doubles(written.get(tensor.name()).toFloats()))
                        .as(tensor.name())
                        .containsExactly(BertTwin.doubles(tensor.toFloats()), within(1e-4));
            }
        }
    }

    private static void assertLogits(GoldenCase golden, Path adapter, String suffix) {
        try (Predictor predictor = Predictor.open(golden.model().toString(), "cpu", "fp32", 128);
                ServingAdapter serving = predictor.load("a", adapter)) {
            var requests =
                    golden.examples().stream()
                            .map(e -> new Predictor.Request(serving, e.text(), e.textPair()))
                            .toList();
            List<SpanAnswer> answers = predictor.answer(requests);
            JsonNode starts = golden.json().get("start_logits" + suffix);
            JsonNode ends = golden.json().get("end_logits" + suffix);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(BertTwin.doubles(answers.get(i).startLogits()))
                        .containsExactly(GoldenCase.numbers(starts.get(i)), within(1e-5));
                assertThat(BertTwin.doubles(answers.get(i).endLogits()))
                        .containsExactly(GoldenCase.numbers(ends.get(i)), within(1e-5));
            }
        }
    }
}
