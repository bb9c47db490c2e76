package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Control.Action;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.util.FlinkRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one adapter brings, or was told, that a step throws on: nobody else notices. */
@Timeout(600)
class LastDefenseTest {

    private static final String BAD = "adapter-0";
    private static final String GOOD = "adapter-1";
    private static final int HALF = 60;
    private static final int ALL = 120;

    /** So few events may wait that the task hangs if one is not counted back. */
    private static final TrainingSettings SETTINGS =
            TinySettings.DEFAULT
                    .with(Batching.DEFAULT.withSize(4).withStep(8, 64).withMaxBuffered(12))
                    .with(new Replay(5, 2))
                    .with(new DeviceCache(2, Long.MAX_VALUE))
                    .publishingEvery(3);

    private static TrainerHarness start(Backend backend, Trainer.Factory trainer) throws Exception {
        return TrainerHarness.start(backend, SETTINGS, trainer);
    }

    private static TrainerHarness restore(
            Backend backend, Trainer.Factory trainer, OperatorSubtaskState state) throws Exception {
        return TrainerHarness.restore(backend, SETTINGS, trainer, state);
    }

    private static Trainer.Factory engine() {
        return OnlineTraining.trainers(SETTINGS);
    }

    /** What an older release may have left in state. */
    static Stream<AdapterSettings> badSettings() {
        var job = AdapterSettings.DEFAULT;
        return Stream.of(
                job.withRates(1e300, null),
                job.withRates(null, 1e39),
                job.withMethod("{\"peft_type\":\"LORA\",\"lora_alpha\":1e300}"),
                job.withMethod("{\"peft_type\":\"LORA\",\"r\":1000000000}"),
                job.withMethod("{\"peft_type\":\"LORA\",\"r\":4000}"),
                job.withMethod("{\"peft_type\":\"VERA\"}"),
                job.withMethod("no JSON"),
                job.withMethod(lora("((){100000}){100000}x")),
                job.withMethod(lora("x*".repeat(8_000))),
                job.withMethod(lora("(a+)+\\\\1")),
                job.withMethod(
                        "{\"peft_type\":\"P_TUNING\",\"num_virtual_tokens\":2,"
                                + "\"encoder_reparameterization_type\":\"LSTM\","
                                + "\"encoder_num_layers\":2147483647}"));
    }

    private static String lora(String pattern) {
        return "{\"peft_type\":\"LORA\",\"target_modules\":\"" + pattern + "\"}";
    }

    static Stream<Arguments> badSettingsOnAnyBackend() {
        return badSettings()
                .flatMap(bad -> Stream.of(Backend.values()).map(b -> Arguments.of(b, bad)));
    }

    /** A state of both adapters in which one has such settings. */
    private static OperatorSubtaskState state(Backend backend, AdapterSettings bad)
            throws Exception {
        try (var harness = start(backend, engine())) {
            harness.processAndFinish(Examples.of(0, HALF, 2));
            harness.writeSettings(BAD, bad);
            return harness.snapshot();
        }
    }

    @ParameterizedTest
    @MethodSource("badSettingsOnAnyBackend")
    void aBadSettingInStateMakesDeadLettersAndOthersLearnAsIfItWereNotThere(
            Backend backend, AdapterSettings bad) throws Exception {
        var state = state(backend, bad);
        var trainer = new ObservedTrainer(engine());
        try (var with = restore(backend, trainer, state);
                var without = restore(backend, engine(), state(backend, AdapterSettings.DEFAULT))) {
            with.process(Examples.of(HALF, ALL, 2)).endInput();
            without.process(Examples.of(HALF, ALL, 2)).endInput();
            assertThat(with.rejected())
                    .isNotEmpty()
                    .allMatch(each -> each.adapterId().equals(BAD))
                    .allMatch(each -> each.reason().contains("Maybe change its settings"))
                    .allMatch(each -> each.reason().length() < 1_000);
            assertThat(without.rejected()).isEmpty();
            assertThat(with.versions().get(GOOD)).isEqualTo(without.versions().get(GOOD));
            assertThat(with.predictions().get(GOOD)).isEqualTo(without.predictions().get(GOOD));
            assertThat(with.states().get(GOOD)).isEqualTo(without.states().get(GOOD));
        }
        assertThat(trainer.onDevice).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void restoredEqualsUninterruptedWithABadSettingInState(Backend backend) throws Exception {
        var state = state(backend, AdapterSettings.DEFAULT.withRates(1e300, null));
        var examples = Examples.of(HALF, ALL, 2);
        try (var whole = restore(backend, engine(), state);
                var first = restore(backend, engine(), state)) {
            whole.process(examples).endInput();
            first.process(examples.subList(0, 31));
            var middle = first.snapshot(); // while a step may run
            var before = first.outputs();
            var letters = new ArrayList<>(first.rejected());
            try (var second = restore(backend, engine(), middle)) {
                second.process(examples.subList(31, 60)).endInput();
                assertThat(second.states()).isEqualTo(whole.states());
                var versions = new ArrayList<>(before.versions().getOrDefault(GOOD, List.of()));
                versions.addAll(second.versions().get(GOOD));
                assertThat(versions).isEqualTo(whole.versions().get(GOOD));
                letters.addAll(second.rejected());
                assertThat(letters).hasSameElementsAs(whole.rejected());
            }
        }
    }

    static Stream<Control> repairs() {
        return Stream.of(
                Control.learningRate(BAD, 0.001),
                Control.method(BAD, "{\"peft_type\":\"LORA\",\"r\":4}"),
                Control.of(BAD, Action.DROP));
    }

    @ParameterizedTest
    @MethodSource("repairs")
    void aControlRepairsIt(Control repair) throws Exception {
        var bad =
                repair.learningRate() == null
                        ? AdapterSettings.DEFAULT.withMethod(lora("(a+)+\\\\1"))
                        : AdapterSettings.DEFAULT.withRates(1e300, null);
        try (var harness = restore(Backend.HEAP, engine(), state(Backend.HEAP, bad))) {
            harness.processAndFinish(Examples.of(HALF, 90, 2));
            int letters = harness.rejected().size();
            assertThat(letters).isPositive();
            harness.processAndFinish(List.of(repair));
            harness.process(Examples.of(90, ALL, 2)).endInput();
            // those that waited when the control came were the last ones
            assertThat(harness.rejected().size() - letters).isLessThan(4);
            assertThat(harness.versions().get(BAD)).isNotEmpty();
        }
    }

    @Test
    void aResetRepairsValuesThatAreNone() throws Exception {
        OperatorSubtaskState state;
        try (var harness = start(Backend.HEAP, engine())) {
            harness.processAndFinish(Examples.of(0, HALF, 2));
            harness.spoilRow(BAD);
            state = harness.snapshot();
        }
        try (var harness = restore(Backend.HEAP, engine(), state)) {
            harness.processAndFinish(Examples.of(HALF, 90, 2));
            int letters = harness.rejected().size();
            assertThat(letters).isPositive();
            harness.processAndFinish(List.of(Control.of(BAD, Action.RESET)));
            harness.process(Examples.of(90, ALL, 2)).endInput();
            assertThat(harness.rejected().size() - letters).isLessThan(4);
            assertThat(harness.versions().get(BAD)).isNotEmpty();
        }
    }

    @Test
    void aMethodThatCannotBeReadRefusesResetAndSaysWhy() throws Exception {
        var bad = AdapterSettings.DEFAULT.withMethod("{\"peft_type\":\"VERA\"}");
        try (var harness = restore(Backend.HEAP, engine(), state(Backend.HEAP, bad))) {
            harness.processAndFinish(List.of(Control.of(BAD, Action.RESET)));
            assertThat(reasons(harness))
                    .anyMatch(r -> r.contains("peft_type (VERA) must be one of"));
        }
    }

    @Test
    void hostileControlsChangeNothing() throws Exception {
        var events = new ArrayList<TrainingEvent>();
        var examples = Examples.of(0, ALL, 2);
        var controls = hostileControls();
        for (int i = 0; i < ALL; i++) {
            events.add(examples.get(i));
            if (i < controls.size()) {
                events.add(controls.get(i));
            }
        }
        try (var with = start(Backend.HEAP, engine());
                var without = start(Backend.HEAP, engine())) {
            with.process(events).endInput();
            without.process(examples).endInput();
            assertThat(with.versions()).isEqualTo(without.versions());
            assertThat(with.predictions()).isEqualTo(without.predictions());
            assertThat(with.states()).isEqualTo(without.states());
            assertThat(with.rejected()).hasSameSizeAs(controls);
        }
    }

    private static List<Control> hostileControls() {
        var controls = new ArrayList<Control>();
        for (double rate : new double[] {1e300, 1e38, 1.1e6, 0, -1}) {
            controls.add(Control.learningRate("mallory", rate));
        }
        for (AdapterSettings settings : badSettings().toList()) {
            if (settings.method() != null) {
                controls.add(Control.method("mallory", settings.method()));
            }
        }
        for (String json :
                List.of(
                        "{\"peft_type\":\"LORA\",\"lora_aplha\":64}",
                        "{\"peft_type\":\"LORA\",\"modules_to_save\":[\"out of memory\"],\"x\":1}",
                        "{\"peft_type\":\"out of memory\"}",
                        "{\"peft_type\":\"LORA\",\"target_modules\":\"out of memory\"}",
                        "{\"peft_type\":\"BOTTLENECK\",\"output_adapter\":true,"
                                + "\"original_ln_before\":true,\"scaling\":1e39}",
                        "{\"peft_type\":\"PREFIX_TUNING\",\"num_virtual_tokens\":2,"
                                + "\"prefix_projection\":true,\"encoder_hidden_size\":2147483647}",
                        "{\"peft_type\":\"ADALORA\",\"total_step\":9,\"init_r\":2147483647}",
                        "{\"peft_type\":\"LORA\",\"x\":"
                                + "[".repeat(5_000)
                                + "]".repeat(5_000)
                                + "}")) {
            controls.add(Control.method("mallory", json));
        }
        return controls;
    }

    /** The engine, which throws on a text, as a bug in a kernel would. */
    private static final class Fragile extends TrainerAround {
        private final RuntimeException trial;
        private int steps;

        Fragile(Trainer inner, RuntimeException trial) {
            super(inner);
            this.trial = trial;
        }

        @Override
        public void trial() {
            if (trial != null) {
                throw trial;
            }
            super.trial();
        }

        @Override
        public List<BatchOutcome> step(List<Batch> batches) {
            var outcomes = super.step(batches);
            for (Batch batch : batches) {
                if (batch.examples().stream().anyMatch(e -> e.text().equals("crash"))) {
                    for (int i = 0; i < outcomes.size(); i++) {
                        if (outcomes.get(i).after() != batches.get(i).adapter()) {
                            outcomes.get(i).after().close(); // as the engine leaves nothing
                        }
                    }
                    throw new IndexOutOfBoundsException("Index 3 out of bounds for length 2");
                }
            }
            steps++;
            return outcomes;
        }
    }

    private static List<TrainingEvent> crashing() {
        var events = new ArrayList<TrainingEvent>(Examples.of(0, ALL, 3));
        for (int i = 5; i < ALL; i += 25) {
            events.add(i, new Example("mallory", "crash", null, "noun", null, 0, "texts", 1, i));
            events.add(i, new Example("mallory", "fine", null, "noun", null, 0, "texts", 2, i));
            events.add(i, new Example("mallory", "fine", null, "noun", null, 0, "texts", 3, i));
            events.add(i, new Example("mallory", "fine", null, "noun", null, 0, "texts", 4, i));
        }
        return events;
    }

    @ParameterizedTest
    @EnumSource
    void aBatchThatThrowsIsGivenAwayWholeAndItsMatesLearnTheSame(Backend backend) throws Exception {
        var trainer = new ObservedTrainer(() -> new Fragile(engine().open(), null));
        try (var with = start(backend, trainer);
                var without = start(backend, engine())) {
            with.process(crashing());
            with.flink.processWatermark(1_000_000);
            with.finishSteps();
            with.flink.processWatermark(2_000_000);
            assertThat(with.flink.getOutput().toString()).contains("2000000");
            with.endInput();
            without.process(Examples.of(0, ALL, 3)).endInput();
            assertThat(with.versions()).isEqualTo(without.versions());
            assertThat(with.predictions()).isEqualTo(without.predictions());
            assertThat(with.states()).isEqualTo(without.states());
            assertThat(with.rejected()).hasSize(20);
            assertThat(reasons(with).get(0))
                    .isEqualTo(
                            "Adapter (mallory) at step 0 must be able to learn: Index 3 out of"
                                    + " bounds for length 2. Maybe change its settings by a"
                                    + " control, or drop it.");
        }
        assertThat(trainer.onDevice).hasValue(0);
    }

    @Test
    void nothingIsGivenAwayWhereATrialStepThrowsToo() throws Exception {
        var broken = new IllegalStateException("The device is gone.");
        try (var harness = start(Backend.HEAP, () -> new Fragile(engine().open(), broken))) {
            assertThatThrownBy(() -> harness.process(crashing()).endInput())
                    .hasStackTraceContaining(
                            "Adapter mallory could not take its turn (Index 3 out of bounds for"
                                    + " length 2.), and a trial step on a good text must succeed"
                                    + " and did not (The device is gone.).");
            assertThat(harness.rejected()).isEmpty();
        }
    }

    static Stream<Throwable> failuresOfTheTask() {
        return Stream.of(
                new OutOfMemoryError("Java heap space"),
                new NoClassDefFoundError("ai/djl/pytorch/jni/JniUtils"),
                new UnsatisfiedLinkError("libdjl_torch.so"),
                new EngineException("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"),
                new RuntimeException(
                        new EngineException("x\nDefaultCPUAllocator: can't allocate memory")),
                new IOException("Map failed", new OutOfMemoryError("Map failed")),
                new FlinkRuntimeException("Error while retrieving data from RocksDB."),
                new RuntimeException(new OutOfMemoryError("Direct buffer memory")));
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheTask")
    void lackOfMemoryAndBrokenCodeAreTheTasks(Throwable failure) {
        assertThat(TaskFailure.is(failure)).isTrue();
    }

    @Test
    void whatOnlyQuotesATextIsNot() {
        assertThat(TaskFailure.is(new IllegalArgumentException("Label (out of memory)"))).isFalse();
        assertThat(TaskFailure.is(new IllegalStateException("Adapter out of memory"))).isFalse();
        assertThat(TaskFailure.is(new IOException("Unexpected (out of memory)"))).isFalse();
        assertThat(TaskFailure.is(new RuntimeException("Label (Map failed)"))).isFalse();
        assertThat(TaskFailure.is(circle())).isFalse();
        assertThat(TaskFailure.is(new StackOverflowError())).isFalse();
        assertThat(TaskFailure.is(new IndexOutOfBoundsException("3"))).isFalse();
        assertThat(TaskFailure.is(new ArithmeticException("integer overflow"))).isFalse();
    }

    private static Throwable circle() {
        var failure = new RuntimeException("one");
        failure.initCause(new RuntimeException("another", failure));
        return failure;
    }

    private static List<String> reasons(TrainerHarness harness) {
        return harness.rejected().stream().map(Rejected::reason).toList();
    }

    @Test
    void aVersionThatCannotBeCutAtTheEndCostsNobodyElseHis() throws Exception {
        var bad = AdapterSettings.DEFAULT.withMethod("{\"peft_type\":\"VERA\"}");
        try (var harness = restore(Backend.HEAP, engine(), state(Backend.HEAP, bad))) {
            harness.endInput();
            Map<String, List<String>> versions = harness.versions();
            assertThat(versions).containsOnlyKeys(GOOD);
        }
    }
}
