package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.flinkpeft.engine.TorchDevice;
import io.flinkpeft.engine.TorchRuntime;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.Trainer;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a step cannot use, or may not: the state stays that of the steps before. */
class FaultyStepTest {

    private static final int HALF = 60;
    private static final int ALL = 120;

    @TempDir Path dir;

    private static TrainerHarness start(Backend backend, TrainingSettings settings)
            throws Exception {
        return TrainerHarness.start(backend, settings, OnlineTraining.trainers(settings));
    }

    private static TrainerHarness restore(
            Backend backend, TrainingSettings settings, OperatorSubtaskState state)
            throws Exception {
        return TrainerHarness.restore(backend, settings, OnlineTraining.trainers(settings), state);
    }

    private static TrainingSettings with(TrainerConfig trainer) {
        return TrainingJob.small(TrainingSettings.of(trainer));
    }

    /** Steps so long that numbers overflow: some batches are learnt, others are refused. */
    private static TrainingSettings overflowing() {
        var wild = new OptimizerConfig(1e6, 1e6, 0, 0.5, 0.999, 1e-8, Double.POSITIVE_INFINITY);
        return with(TinySettings.DEFAULT.trainer().withOptimizer(wild));
    }

    @ParameterizedTest
    @EnumSource
    void aLossThatIsNotFiniteIsRefusedAlikeAfterARestore(Backend backend) throws Exception {
        var settings = overflowing();
        List<String> rejected;
        try (var clean = start(backend, settings)) {
            clean.process(Examples.of(0, ALL, 2)).endInput();
            rejected = reasons(clean);
            assertThat(rejected).isNotEmpty().allMatch(text -> text.contains("must be finite"));
            assertThat(clean.states()).isNotEmpty(); // the first steps of each were good
            var parts = new ArrayList<String>();
            OperatorSubtaskState state;
            try (var before = start(backend, settings)) {
                before.processAndFinish(Examples.of(0, HALF, 2));
                state = before.snapshot();
                parts.addAll(reasons(before));
            }
            try (var after = restore(backend, settings, state)) {
                after.process(Examples.of(HALF, ALL, 2)).endInput();
                parts.addAll(reasons(after));
                assertThat(after.states()).isEqualTo(clean.states());
                assertThat(parts).containsExactlyInAnyOrderElementsOf(rejected);
            }
        }
    }

    @Test
    void newValuesThatAreNotFiniteAreRefused() throws Exception {
        var decay = new OptimizerConfig(1e-20, 1e6, 1e28, 0.5, 0.999, 1e-8, 10);
        var settings = with(TinySettings.DEFAULT.trainer().withOptimizer(decay));
        try (var harness = start(Backend.HEAP, settings)) {
            harness.process(Examples.of(0, HALF, 1)).endInput();
            assertThat(harness.rejected().get(0).reason())
                    .isEqualTo(
                            "Values and moments behind step 2 must be finite. Maybe lower the"
                                    + " learning rates.");
            assertThat(harness.versions().get("adapter-0")).hasSize(1); // of the first step
        }
    }

    private static List<String> reasons(TrainerHarness harness) {
        return harness.rejected().stream()
                .map((Rejected r) -> r.adapterId() + " " + r.offset() + " " + r.reason())
                .toList();
    }

    @Test
    void poisonTeachesNothing() throws Exception {
        var settings = TrainingJob.small(TinySettings.DEFAULT);
        var clean = Examples.of(0, ALL, 2);
        var poisoned = new ArrayList<Example>();
        for (Example example : clean) {
            poisoned.add(
                    new Example(example.adapterId(), null, null, "noun", null, 0, "texts", 0, 0));
            poisoned.add(example);
        }
        try (var with = start(Backend.ROCKSDB, settings);
                var without = start(Backend.ROCKSDB, settings)) {
            with.process(poisoned).endInput();
            without.process(clean).endInput();
            assertThat(with.versions()).isEqualTo(without.versions());
            assertThat(with.states()).isEqualTo(without.states());
            assertThat(with.rejected()).hasSize(ALL);
        }
    }

    @Test
    void aBaseThatChangedOrIsMissingIsRefusedAtTheStart() throws Exception {
        Path model = copy(Path.of(TinySettings.DEFAULT.trainer().model()));
        var settings = with(at(model));
        OperatorSubtaskState state;
        try (var before = start(Backend.HEAP, settings)) {
            before.processAndFinish(Examples.of(0, HALF, 2));
            state = before.snapshot();
        }
        flipABit(model.resolve("model.safetensors"));
        assertThatThrownBy(() -> restore(Backend.HEAP, settings, state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "Adapter adapter-\\d was trained with base model \\([0-9a-f]{64}\\), must"
                                + " be \\([0-9a-f]{64}\\). Maybe the base changed since its last"
                                + " checkpoint. The job keeps its state and tries again, as"
                                + " another machine may do.");
        Files.delete(model.resolve("model.safetensors"));
        assertThatThrownBy(() -> restore(Backend.HEAP, settings, state))
                .isNotInstanceOf(SuppressRestartsException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageEndingWith("tries again, as another machine may do.");
    }

    @Test
    void aNewJobWhoseModelIsMissingIsNotRestarted() {
        assertThatThrownBy(() -> start(Backend.HEAP, with(at(Path.of("/models/none")))))
                .isInstanceOf(SuppressRestartsException.class)
                .hasRootCauseMessage(
                        "Model (/models/none) must be a directory, or all-MiniLM-L6-v2 with its jar"
                                + " on the class path. Maybe get it with hf download NAME"
                                + " --local-dir DIRECTORY.");
    }

    /** A trainer whose fourth step asks libtorch for more than any machine has. */
    private static final class Greedy extends TrainerAround {
        private int steps;

        Greedy(Trainer inner) {
            super(inner);
        }

        @Override
        public List<BatchOutcome> step(List<Batch> batches) {
            if (++steps == 4) {
                takeMoreThanThereIs();
            }
            return super.step(batches);
        }

        static Trainer takeMoreThanThereIs() {
            try (var manager = TorchRuntime.newManager(TorchDevice.CPU)) {
                throw new AssertionError(manager.zeros(new Shape(1L << 45)));
            }
        }
    }

    @Test
    void outOfNativeMemoryAtTheStartSaysSoToo() {
        var settings = TrainingJob.small(TinySettings.DEFAULT);
        assertThatThrownBy(
                        () ->
                                TrainerHarness.start(
                                        Backend.HEAP, settings, Greedy::takeMoreThanThereIs))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must suffice for the base");
    }

    @Test
    void outOfNativeMemoryFailsTheTaskAndPublishesNothing() throws Exception {
        var settings = TrainingJob.small(TinySettings.DEFAULT);
        var trainer = OnlineTraining.trainers(settings);
        try (var greedy =
                TrainerHarness.start(Backend.HEAP, settings, () -> new Greedy(trainer.open()))) {
            assertThatThrownBy(() -> greedy.process(Examples.of(0, HALF, 1)).endInput())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(
                            "Native memory \\(.*can't allocate memory.*\\) must suffice for the"
                                    + " base, the adapters in memory and a step. Maybe lower"
                                    + " cache.bytes, train.examples-per-step or train.max-tokens,"
                                    + " or raise taskmanager.memory.task.off-heap.size.");
            assertThat(greedy.versions().get("adapter-0")).hasSize(1); // that of the third step
        }
    }

    private static TrainerConfig at(Path model) {
        TrainerConfig tiny = TinySettings.DEFAULT.trainer();
        return new TrainerConfig(
                model.toString(),
                tiny.method(),
                tiny.task(),
                tiny.labels(),
                tiny.maxLabels(),
                tiny.maxTokens(),
                tiny.optimizer(),
                tiny.device(),
                tiny.dtype(),
                tiny.seed());
    }

    private Path copy(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, dir.resolve(file.getFileName()));
            }
        }
        return dir;
    }

    private static void flipABit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
    }
}
