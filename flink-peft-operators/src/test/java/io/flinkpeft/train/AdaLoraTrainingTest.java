package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What AdaLoRA promises beyond the contract of all methods. */
class AdaLoraTrainingTest {

    private static final String MODEL = TinyModels.bert().toString();
    // prunes from the third step on, is settled after the sixth, opens again at the tenth
    private static final AdaLoraConfig ADALORA =
            AdaLoraConfig.of(new BudgetSchedule(8, 1, 2, 1, 9)).withRanks(4, 2, 8);

    private final List<Example> examples = TinyModels.examples("a");

    @TempDir private Path dir;

    private static OnlineTrainer trainer(PeftConfig method) {
        return OnlineTrainer.open(
                TrainerConfig.of(MODEL, method.withTaskType(TaskType.SEQ_CLS))
                        .withTask(new CheckpointTask())
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

    @Test
    void restoredEqualsUninterruptedInEachPhaseOfTheBudget() {
        try (OnlineTrainer trainer = trainer(ADALORA);
                OnlineTrainer afterCrash = trainer(ADALORA)) {
            LiveAdapter whole = steps(trainer, trainer.create("a"), 0, 14);
            for (int crash : new int[] {3, 7, 11}) {
                AdapterState middle = steps(trainer, trainer.create("a"), 0, crash).snapshot();
                LiveAdapter restored = afterCrash.restore(middle);
                assertThat(steps(afterCrash, restored, crash, 14).snapshot())
                        .isEqualTo(whole.snapshot());
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
                assertThat(((DeviceAdapter) loaded).rowLayout().tensors().size())
                        .isLessThan(((DeviceAdapter) adapter).rowLayout().tensors().size());
                double before =
                        trainer.step(List.of(batch(adapter, 8))).get(0).results().get(0).loss();
                double after = again.step(List.of(batch(loaded, 8))).get(0).results().get(0).loss();
                assertThat(after).isCloseTo(before, within(1e-5));
            }
        }
    }

    /** A budget of one triplet a layer is spent where it helps most: some layers have none. */
    @Test
    void layersThatLostAllTripletsPredictAndGoOnAsTheBase() throws IOException {
        try (OnlineTrainer trainer = trainer(ADALORA.withRanks(4, 1, 8))) {
            LiveAdapter adapter = steps(trainer, trainer.create("a"), 0, 8);
            trainer.export(adapter, dir);
            AdapterDirectory written = AdapterDirectory.read(dir);
            assertThat(ranks(written)).contains(0L).anyMatch(rank -> rank > 1);
            try (OnlineTrainer again = trainer(written.config())) {
                LiveAdapter loaded = again.load("a", written);
                BatchOutcome before = trainer.step(List.of(batch(adapter, 8))).get(0);
                BatchOutcome after = again.step(List.of(batch(loaded, 8))).get(0);
                assertThat(after.results().get(0).loss())
                        .isCloseTo(before.results().get(0).loss(), within(1e-5));
                again.export(steps(again, after.after(), 9, 14), dir);
                assertThat(ranks(AdapterDirectory.read(dir))).contains(0L);
            }
        }
    }

    private static List<Long> ranks(AdapterDirectory directory) {
        return directory.adapter().tensors().values().stream()
                .filter(tensor -> tensor.name().endsWith("lora_E"))
                .map(tensor -> tensor.dimensions()[0])
                .toList();
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
