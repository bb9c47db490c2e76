package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.method.PeftAdapter;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method on every architecture against what PEFT computed and wrote: logits within 1e-5, the
 * losses of 12 AdamW steps and the tensors after them within 1e-4, as two correct runs in fp32
 * differ by less and their fp64 twins agree with them. A method or architecture that is not there
 * yet is skipped, and says why.
 */
class GoldenGridTest {

    @TempDir private Path dir;

    private interface Check {
        void of(GoldenCase golden) throws IOException;
    }

    private static Stream<DynamicTest> each(Check check) {
        return GoldenCase.all()
                .filter(golden -> golden.isOf("SEQ_CLS") && golden.json().has("losses"))
                .map(
                        golden ->
                                DynamicTest.dynamicTest(
                                        golden.toString(),
                                        () -> {
                                            assumeKnown(golden);
                                            check.of(golden);
                                        }));
    }

    @TestFactory
    Stream<DynamicTest> whatPeftSavedPredictsWhatPeftPredicts() {
        return each(GoldenGridTest::predictsTheSame);
    }

    @TestFactory
    Stream<DynamicTest> trainingIsWhatPeftTrains() {
        return each(this::trainsTheSame);
    }

    private static void predictsTheSame(GoldenCase golden) {
        assertLogits(golden, golden.init(), "logits", 1e-5);
        assertLogits(golden, golden.trained(), "logits_trained", 1e-5);
    }

    private void trainsTheSame(GoldenCase golden) throws IOException {
        Path written = dir.resolve(golden.toString());
        AdapterDirectory init = AdapterDirectory.read(golden.init());
        if (!init.config().resumable()) {
            abort("trains from its state only: GoldenStateTest");
        }
        try (OnlineTrainer trainer = OnlineTrainer.open(config(golden, init))) {
            LiveAdapter adapter = trainer.load("a", init);
            double[] losses = new double[GoldenCase.STEPS];
            for (int step = 0; step < GoldenCase.STEPS; step++) {
                var batch = new Batch(adapter, golden.batches().get(step), List.of());
                BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
                losses[step] = outcome.loss();
                adapter = outcome.after();
            }
            assertThat(losses).containsExactly(golden.numbers("losses"), within(1e-4));
            trainer.export(adapter, written);
        }
        assertTensors(golden, written);
        String config = Files.readString(written.resolve("adapter_config.json"));
        String expected = Files.readString(golden.trained().resolve("adapter_config.json"));
        assertThat(withoutNames(config)).isEqualTo(withoutNames(expected));
    }

    /** Skips what is not there yet; what is there must pass. */
    private static void assumeKnown(GoldenCase golden) {
        try {
            ModelDirectory.open(golden.model());
            AdapterDirectory.read(golden.init());
        } catch (IllegalArgumentException e) {
            abort(e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrainerConfig config(GoldenCase golden, AdapterDirectory init) {
        double rate = golden.json().get("training").get("learning_rate").asDouble();
        double headRate = AdapterDirectory.savesModelHead(init.config()) ? rate : 0;
        return TrainerConfig.of(golden.model().toString(), init.config())
                .withHead(HeadKind.MODEL)
                .withDtype("fp32")
                .withOptimizer(
                        new OptimizerConfig(
                                rate, headRate, 0.01, 0.9, 0.999, 1e-8, Double.POSITIVE_INFINITY));
    }

    private static void assertLogits(
            GoldenCase golden, Path adapter, String key, double tolerance) {
        String model = golden.model().toString();
        try (Predictor predictor = Predictor.open(model, "cpu", "fp32", 128);
                ServingAdapter serving = predictor.load("a", adapter)) {
            List<Predictor.Request> requests =
                    golden.examples().stream()
                            .map(e -> new Predictor.Request(serving, e.text(), e.textPair()))
                            .toList();
            List<Classification> predicted = predictor.classify(requests);
            JsonNode expected = golden.json().get(key);
            for (int i = 0; i < requests.size(); i++) {
                assertThat(BertTwin.doubles(predicted.get(i).logits()))
                        .as("%s, line %d", key, i)
                        .containsExactly(GoldenCase.numbers(expected.get(i)), within(tolerance));
            }
        }
    }

    private static void assertTensors(GoldenCase golden, Path directory) {
        PeftAdapter written = AdapterDirectory.read(directory).adapter();
        PeftAdapter expected = AdapterDirectory.read(golden.trained()).adapter();
        List<TensorView> needed =
                expected.tensors().values().stream()
                        .filter(tensor -> !expected.config().redundant(tensor.name()))
                        .toList();
        assertThat(written.tensors()).containsOnlyKeys(names(needed));
        for (TensorView tensor : needed) {
            TensorView own = written.tensors().get(tensor.name());
            assertThat(own.shape()).as(tensor.name()).isEqualTo(tensor.shape());
            if (golden.leftOut().contains(tensor.name())) {
                continue;
            }
            double[] values = BertTwin.doubles(own.toFloats());
            double[] right = BertTwin.doubles(tensor.toFloats());
            for (int i = 0; i < right.length; i++) {
                if (golden.leftOut(tensor.name(), i)) {
                    values[i] = right[i];
                }
            }
            assertThat(values).as(tensor.name()).containsExactly(right, within(1e-4));
        }
    }

    private static List<String> names(List<TensorView> tensors) {
        return tensors.stream().map(TensorView::name).toList();
    }

    private static JsonNode withoutNames(String config) {
        var json = (ObjectNode) TinyModels.parse(config);
        // ours lists each layer by its whole name: the tensors say that they are the same
        return json.without(
                List.of("base_model_name_or_path", "target_modules", "feedforward_modules"));
    }
}
