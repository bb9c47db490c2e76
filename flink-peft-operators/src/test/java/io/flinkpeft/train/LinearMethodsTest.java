package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.LoraBias;
import io.flinkpeft.method.LoraForm;
import io.flinkpeft.method.LoraVariant;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetModules;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every method on linear layers promises. */
class LinearMethodsTest {

    private static final String MODEL = TinyModels.bert().toString();
    private static final LoraVariant LORA = LoraVariant.DEFAULT;
    // prunes from the third step on, is settled after the sixth, opens again at the tenth
    private static final AdaLoraConfig ADALORA =
            AdaLoraConfig.of(new BudgetSchedule(8, 1, 2, 1, 9)).withRanks(4, 2, 8);

    private final List<Example> examples = TinyModels.examples("a");

    @TempDir private Path dir;

    private static PeftConfig lora(LoraVariant variant, String... targets) {
        return TinyModels.loraOnAllLinears(3, 6)
                .withTargets(TargetModules.named(targets))
                .withVariant(variant);
    }

    static Stream<PeftConfig> methods() {
        return Stream.of(
                lora(LORA.withForm(LoraForm.DORA), "query", "dense"),
                lora(LORA.withForm(LoraForm.OPTIMIZER), "query", "value"),
                lora(LORA.withRateRatio(16).withBiasOfB(), "query", "word_embeddings"),
                lora(LORA.withBias(LoraBias.LORA_ONLY), "query", "value"),
                Ia3Config.DEFAULT,
                ADALORA);
    }

    private static OnlineTrainer trainer(PeftConfig method) {
        return OnlineTrainer.open(
                TrainerConfig.of(MODEL, method.withTaskType(TaskType.SEQ_CLS))
                        .withHead(HeadKind.MODEL)
                        .withDtype("fp32")
                        .withOptimizer(new OptimizerConfig(1e-2, 1e-2, 0.01, 0.9, 0.999, 1e-8, 1)));
    }

    private LiveAdapter steps(OnlineTrainer trainer, LiveAdapter from, int first, int last) {
        LiveAdapter adapter = from;
        for (int i = first; i < last; i++) {
            adapter = trainer.step(List.of(batch(adapter, i))).get(0).after();
        }
        return adapter;
    }

    private Batch batch(LiveAdapter adapter, int step) {
        int at = 4 * step % 44;
        return new Batch(adapter, examples.subList(at, at + 4), List.of());
    }

    private static float[] logits(Predictor predictor, ServingAdapter adapter) {
        return predictor
                .classify(List.of(new Predictor.Request(adapter, "Dry wind on the coast", null)))
                .get(0)
                .logits();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aFreshAdapterChangesNothing(PeftConfig method) {
        try (OnlineTrainer trainer = trainer(method);
                Predictor predictor = Predictor.open(MODEL, "cpu", "fp32", 128);
                ServingAdapter fresh = predictor.load(trainer.version(trainer.create("a")))) {
            assertThat(logits(predictor, fresh))
                    .containsExactly(logits(predictor, null), within(1e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void restoredEqualsUninterrupted(PeftConfig method) {
        try (OnlineTrainer trainer = trainer(method);
                OnlineTrainer afterCrash = trainer(method)) {
            LiveAdapter whole = steps(trainer, trainer.create("a"), 0, 14);
            for (int crash : new int[] {3, 7, 11}) {
                AdapterState middle = steps(trainer, trainer.create("a"), 0, crash).snapshot();
                LiveAdapter restored = afterCrash.restore(middle);
                assertThat(steps(afterCrash, restored, crash, 14).snapshot())
                        .isEqualTo(whole.snapshot());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void batchMatesDoNotLeak(PeftConfig method) {
        try (OnlineTrainer trainer = trainer(method)) {
            LiveAdapter a = steps(trainer, trainer.create("a"), 0, 4);
            AdapterState alone = steps(trainer, a, 4, 5).snapshot();
            Batch mate = batch(steps(trainer, trainer.create("mate"), 0, 2), 7);
            assertThat(trainer.step(List.of(mate, batch(a, 4))).get(1).after().snapshot())
                    .isEqualTo(alone);
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aVersionAndADirectoryPredictWhatTheTrainerPredicts(PeftConfig method) throws IOException {
        try (OnlineTrainer trainer = trainer(method);
                Predictor predictor = Predictor.open(MODEL, "cpu", "fp32", 128)) {
            LiveAdapter adapter = steps(trainer, trainer.create("a"), 0, 7);
            trainer.export(adapter, dir);
            var trained = trainer.step(List.of(batch(adapter, 7))).get(0).results().get(0);
            try (ServingAdapter version = predictor.load(trainer.version(adapter));
                    ServingAdapter directory = predictor.load("a", dir)) {
                var text = examples.get(28).text();
                var result =
                        predictor
                                .classify(List.of(new Predictor.Request(version, text, null)))
                                .get(0);
                assertThat(result.label()).isEqualTo(trained.predicted());
                assertThat(result.score()).isCloseTo(trained.score(), within(1e-5));
                assertThat(logits(predictor, directory)).isEqualTo(logits(predictor, version));
            }
        }
    }

    @Test
    void prunedTrainingGoesOnFromItsFiles() throws IOException {
        try (OnlineTrainer trainer = trainer(ADALORA)) {
            LiveAdapter adapter = steps(trainer, trainer.create("a"), 0, 8);
            trainer.export(adapter, dir);
            AdapterDirectory written = AdapterDirectory.read(dir);
            try (OnlineTrainer again = trainer(written.config())) {
                LiveAdapter loaded = again.load("a", written);
                assertThat(loaded.bank().layout().size())
                        .isLessThan(adapter.bank().layout().size());
                double before =
                        trainer.step(List.of(batch(adapter, 8))).get(0).results().get(0).loss();
                double after = again.step(List.of(batch(loaded, 8))).get(0).results().get(0).loss();
                assertThat(after).isCloseTo(before, within(1e-5));
            }
        }
    }

    @Test
    void theLoggedLossHasTheRegulariser() {
        try (OnlineTrainer trainer = trainer(ADALORA)) {
            BatchOutcome outcome = trainer.step(List.of(batch(trainer.create("a"), 0))).get(0);
            double entropy =
                    outcome.results().stream().mapToDouble(r -> r.loss()).average().orElseThrow();
            // A and B start small: each term is nearly the norm of I, 2 for rank 4
            assertThat(outcome.loss() - entropy).isCloseTo(0.5 * 2, within(0.05));
        }
    }
}
