package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.model.ModelDirectory;
import io.flinkpeft.safetensors.SafetensorsFile;
import io.flinkpeft.safetensors.TensorView;
import io.flinkpeft.task.ClozeTask;
import io.flinkpeft.task.TargetEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A golden case trained by the engine as PEFT trained it. */
record GoldenTraining(GoldenCase golden) {

    /** Writes the trained adapter, and returns the losses of the steps. */
    double[] run(Path written) throws IOException {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter adapter = start(trainer);
            double[] losses = new double[GoldenCase.STEPS];
            List<List<Example>> batches = golden.batches();
            for (int step = 0; step < losses.length; step++) {
                var batch = new Batch(adapter, batches.get(step), List.of());
                BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
                losses[step] = outcome.loss();
                adapter = outcome.after();
            }
            trainer.export(adapter, written);
            return losses;
        }
    }

    private TrainerConfig config() {
        double rate = golden.json().get("training").get("learning_rate").asDouble();
        boolean head = savesHead();
        TrainerConfig config = TrainerConfig.of(golden.model().toString(), golden.method());
        return golden.cloze()
                .map(cloze -> config.withTask(new ClozeTask(cloze)))
                .orElseGet(() -> config.withTask(golden.head()))
                .withDtype("fp32")
                .withTargetEnd(TargetEnd.AS_WRITTEN) // as transformers was given them
                .withOptimizer(
                        new OptimizerConfig(
                                rate,
                                head ? rate : 0,
                                0.01,
                                0.9,
                                0.999,
                                1e-8,
                                Double.POSITIVE_INFINITY));
    }

    private boolean savesHead() {
        try {
            ModelDirectory model = ModelDirectory.open(golden.model());
            return AdapterDirectory.savesModelHead(golden.method(), model, golden.head());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LiveAdapter start(OnlineTrainer trainer) throws IOException {
        if (golden.hasInit() && golden.method().resumable()) {
            return trainer.load("a", AdapterDirectory.read(golden.init()));
        }
        LiveAdapter fresh = trainer.create("a");
        Path values = golden.directory().resolve("init-training.safetensors");
        return Files.exists(values) ? trainer.restore(with(values, fresh)) : fresh;
    }

    /** What makes the virtual tokens as PEFT started it: no PEFT directory holds it. */
    private static AdapterState with(Path values, LiveAdapter fresh) throws IOException {
        AdapterState state = fresh.snapshot();
        Map<String, TensorView> tensors = SafetensorsFile.open(values).tensors();
        Set<String> used = new TreeSet<>();
        for (TensorLayout.Slot slot :
                ((DeviceAdapter) fresh).rowLayout().attached().tensors().slots()) {
            String own = slot.name();
            String theirs = own.equals(VirtualTokens.EMBEDDINGS) ? "embedding.weight" : own;
            float[] start = tensors.get(theirs).toFloats();
            assertThat(start).as(theirs).hasSize(slot.size());
            System.arraycopy(start, 0, state.row(), slot.offset(), start.length);
            used.add(theirs);
        }
        assertThat(used).isEqualTo(new TreeSet<>(tensors.keySet()));
        return state;
    }
}
