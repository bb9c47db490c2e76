package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.model.TextTokenizer;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token classification of BERT with LoRA against what PEFT computed and wrote. */
class GoldenTokenClassificationTest {

    private static final GoldenCase GOLDEN =
            new GoldenCase(TinyModels.golden().resolve("grid/bert-token/lora"));

    @TempDir private Path dir;

    @Test
    void eachWordHasTheLogitsOfItsFirstToken() throws IOException {
        assertLogits(GOLDEN.init(), "logits");
        assertLogits(GOLDEN.trained(), "logits_trained");
    }

    @Test
    void trainingIsWhatPeftTrains() throws IOException {
        AdapterDirectory init = AdapterDirectory.read(GOLDEN.init());
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter adapter = trainer.load("a", init);
            double[] losses = new double[GoldenCase.STEPS];
            for (int step = 0; step < GoldenCase.STEPS; step++) {
                var batch = new Batch(adapter, GOLDEN.batches().get(step), List.of());
                BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
                losses[step] = outcome.loss();
                adapter = outcome.after();
            }
            assertThat(losses).containsExactly(GOLDEN.numbers("losses"), within(1e-4));
            trainer.export(adapter, dir.resolve("out"));
        }
        var written = AdapterDirectory.read(dir.resolve("out")).adapter().tensors();
        var expected = AdapterDirectory.read(GOLDEN.trained()).adapter().tensors();
        assertThat(written.keySet()).isEqualTo(expected.keySet());
        for (TensorView tensor : expected.values()) {
            if (!GOLDEN.leftOut().contains(tensor.name())) {
                assertThat(BertTwin.doubles(written.get(tensor.name()).toFloats()))
                        .as(tensor.name())
                        .containsExactly(BertTwin.doubles(tensor.toFloats()), within(1e-4));
            }
        }
    }

    @Test
    void anExampleNeedsALabelForEachWord() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config());
                LiveAdapter adapter = trainer.create("a")) {
            Example example = Example.labelled("a", "Snow in Rome", "O O");
            BatchOutcome outcome =
                    trainer.step(List.of(new Batch(adapter, List.of(example), List.of()))).get(0);
            assertThat(outcome.rejected().get(0).reason())
                    .isEqualTo("Label (O O) has 2 words, must have one for each of the text's 3.");
        }
    }

    private static TrainerConfig config() {
        return TrainerConfig.of(
                        GOLDEN.model().toString(), AdapterDirectory.read(GOLDEN.init()).config())
                .withHead(HeadKind.TOKENS)
                .withDtype("fp32")
                .withOptimizer(
                        new OptimizerConfig(
                                1e-2, 1e-2, 0.01, 0.9, 0.999, 1e-8, Double.POSITIVE_INFINITY));
    }

    private static void assertLogits(Path adapter, String key) throws IOException {
        String model = GOLDEN.model().toString();
        try (Predictor predictor = Predictor.open(model, "cpu", "fp32", 128);
                TextTokenizer tokenizer =
                        TextTokenizer.open(GOLDEN.model().resolve("tokenizer.json"));
                ServingAdapter serving = predictor.load("a", adapter)) {
            List<Example> examples = GOLDEN.examples();
            JsonNode expected = GOLDEN.json().get(key);
            for (int i = 0; i < examples.size(); i++) {
                String text = examples.get(i).text();
                var words =
                        predictor.tag(List.of(new Predictor.Request(serving, text, null))).get(0);
                int[] firsts = tokenizer.words(text, 128).firsts();
                assertThat(words).hasSize(text.split(" ").length).hasSize(firsts.length);
                for (int w = 0; w < firsts.length; w++) {
                    assertThat(BertTwin.doubles(words.get(w).logits()))
                            .as("%s, line %d, word %d", key, i, w)
                            .containsExactly(
                                    GoldenCase.numbers(expected.get(i).get(firsts[w])),
                                    within(1e-5));
                }
            }
        }
    }
}
