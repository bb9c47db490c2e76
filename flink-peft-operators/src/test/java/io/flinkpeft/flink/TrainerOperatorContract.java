package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Trainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an adapter learns depends on its own examples in their order, and on nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // for the runs that its tests compare with
abstract class TrainerOperatorContract {

    private static final int ADAPTERS = 5;

    /** Some are idle for so long now and then: an event comes each second. */
    private static final Duration TTL = Duration.ofSeconds(11);

    /** The trainer whose operator is tested. */
    abstract Trainer.Factory trainer();

    /** Its settings, with defaults for the operator. */
    abstract TrainingSettings settings();

    /** Other methods than that of the settings, as controls set them. */
    abstract List<String> methods();

    /** How many examples the stream of a test has. */
    abstract int examples();

    private ObservedTrainer observed;

    private ObservedTrainer observe() {
        observed = new ObservedTrainer(trainer());
        return observed;
    }

    private TrainingSettings small() {
        return settings()
                .with(Batching.DEFAULT.withSize(4).withStep(3, 100))
                .publishingEvery(3)
                .with(new DeviceCache(2, Long.MAX_VALUE));
    }

    /** All that a run makes, for comparison. */
    private record Run(
            Map<String, List<String>> versions,
            Map<String, ?> predictions,
            Map<String, String> states) {

        static Run of(TrainerHarness harness) throws Exception {
            return new Run(harness.versions(), harness.predictions(), harness.states());
        }
    }

    /** Of this class's trainer, once for all tests. */
    private final Map<TrainingSettings, Run> uninterrupted = new HashMap<>();

    private Run uninterrupted(TrainingSettings settings) throws Exception {
        var run = uninterrupted.get(settings);
        if (run == null) {
            run = runUninterrupted(settings);
            uninterrupted.put(settings, run);
        }
        return run;
    }

    private Run runUninterrupted(TrainingSettings settings) throws Exception {
        var roomy = settings.with(new DeviceCache(1000, Long.MAX_VALUE));
        try (var harness = TrainerHarness.start(Backend.HEAP, roomy, trainer())) {
            harness.process(stream(0, examples()));
            // no watermark before: those that were idle for long ended when their next event came
            harness.watermarkBefore(stream(examples() - 1, examples()).get(0));
            return Run.of(harness.endInput());
        }
    }

    private List<TrainingEvent> stream(int from, int to) {
        return ControlledExamples.of(from, to, ADAPTERS, methods());
    }

    @ParameterizedTest
    @EnumSource
    void restoredEqualsUninterrupted(Backend backend) throws Exception {
        assertRestoredEqualsUninterrupted(backend, small());
    }

    @ParameterizedTest
    @EnumSource
    void restoredEqualsUninterruptedWithReplay(Backend backend) throws Exception {
        assertRestoredEqualsUninterrupted(backend, small().with(new Replay(5, 2)));
    }

    @ParameterizedTest
    @EnumSource
    void restoredEqualsUninterruptedWithEventTimeBatches(Backend backend) throws Exception {
        var batching = small().batching().withInterval(Duration.ofSeconds(15));
        assertRestoredEqualsUninterrupted(backend, small().with(batching));
    }

    @ParameterizedTest
    @EnumSource
    void restoredEqualsUninterruptedWithIdleAdapters(Backend backend) throws Exception {
        var settings = small().withTtl(TTL);
        assertRestoredEqualsUninterrupted(backend, settings);
        assertThat(uninterrupted(settings)).isNotEqualTo(uninterrupted(small()));
    }

    private void assertRestoredEqualsUninterrupted(Backend backend, TrainingSettings settings)
            throws Exception {
        position = 0;
        var outputs = new ArrayList<TrainerHarness.Outputs>();
        int first = examples() / 3;
        int second = 2 * examples() / 3;
        var crashed = runAndCrash(backend, settings, null, first, outputs);
        crashed = runAndCrash(backend, settings, crashed, second, outputs);
        try (var last = start(backend, settings, crashed)) {
            last.process(stream(second, examples())).endInput();
            outputs.add(last.outputs());
            var expected = uninterrupted(settings);
            assertThat(merge(outputs.stream().map(TrainerHarness.Outputs::versions).toList()))
                    .isEqualTo(expected.versions())
                    .hasSize(ADAPTERS);
            assertThat(merge(outputs.stream().map(TrainerHarness.Outputs::predictions).toList()))
                    .isEqualTo(expected.predictions());
            assertThat(last.states()).isEqualTo(expected.states());
        }
    }

    private int position;

    /** Takes a snapshot at {@code to} while a step runs, works on, and loses that work. */
    private OperatorSubtaskState runAndCrash(
            Backend backend,
            TrainingSettings settings,
            OperatorSubtaskState from,
            int to,
            List<TrainerHarness.Outputs> outputs)
            throws Exception {
        try (var harness = start(backend, settings, from)) {
            harness.processAndFinish(stream(position, to - 20));
            observed.holdSteps();
            harness.process(stream(to - 20, to));
            var mails = harness.flink.getTaskMailbox(); // of controls, which need no step
            await().pollInSameThread()
                    .until(
                            () -> {
                                while (mails.hasMail()) {
                                    mails.take(0).run();
                                }
                                return observed.permits.hasQueuedThreads(); // a step is in flight
                            });
            var state = harness.snapshot();
            outputs.add(harness.outputs());
            observed.releaseSteps();
            harness.process(stream(to, to + 20));
            position = to;
            return state;
        }
    }

    private TrainerHarness start(
            Backend backend, TrainingSettings settings, OperatorSubtaskState from)
            throws Exception {
        var harness =
                from == null
                        ? TrainerHarness.start(backend, settings, observe())
                        : TrainerHarness.restore(backend, settings, observe(), from);
        harness.watermarks = true;
        return harness;
    }

    private static <T> Map<String, List<T>> merge(List<Map<String, List<T>>> parts) {
        var merged = new TreeMap<String, List<T>>();
        parts.forEach(
                part ->
                        part.forEach(
                                (id, values) ->
                                        merged.computeIfAbsent(id, i -> new ArrayList<>())
                                                .addAll(values)));
        return merged;
    }

    @ParameterizedTest
    @EnumSource
    void openBatchesThatWaitInStateChangeNothing(Backend backend) throws Exception {
        var settings = small().with(new DeviceCache(1000, Long.MAX_VALUE));
        var tight = settings.with(settings.batching().withMaxBufferedBytes(1));
        try (var harness = TrainerHarness.start(backend, tight, observe())) {
            harness.process(stream(0, examples())).endInput();
            assertThat(Run.of(harness)).isEqualTo(uninterrupted(settings));
            assertThat(observed.restored).as("it left memory").hasValueGreaterThan(ADAPTERS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void evictionChangesNothing(Backend backend) throws Exception {
        var settings = small().with(new DeviceCache(1, Long.MAX_VALUE));
        try (var harness = TrainerHarness.start(backend, settings, observe())) {
            harness.process(stream(0, examples())).endInput();
            assertThat(Run.of(harness)).isEqualTo(uninterrupted(settings));
            assertThat(observed.restored).hasValueGreaterThan(2 * ADAPTERS);
        }
    }

    @Test
    void clockJumpsChangeNothing() throws Exception {
        var batching = small().batching().withInterval(Duration.ofSeconds(15));
        var settings = small().with(batching).withTtl(TTL);
        var clock = new Random(7);
        try (var harness = start(Backend.HEAP, settings, null)) {
            for (TrainingEvent event : stream(0, examples())) {
                harness.flink.setProcessingTime(clock.nextLong(1L << 41)); // to and fro by years
                harness.process(List.of(event));
            }
            harness.endInput();
            assertThat(Run.of(harness)).isEqualTo(uninterrupted(settings));
        }
    }

    @ParameterizedTest
    @EnumSource
    void batchMatesChangeNothing(Backend backend) throws Exception {
        var alone = small().with(small().batching().withStep(1, 1));
        var together = small().with(small().batching().withStep(100, 1000));
        try (var harness = TrainerHarness.start(backend, together, observe())) {
            observed.holdSteps();
            harness.process(stream(0, examples() / 2));
            observed.releaseSteps();
            harness.process(stream(examples() / 2, examples())).endInput();
            assertThat(Run.of(harness)).isEqualTo(uninterrupted(alone));
            assertThat(observed.stepSizes).anyMatch(size -> size > 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoSubtasksBecomeThree(Backend backend) throws Exception {
        assertTwoSubtasksBecomeThree(backend, small().with(new DeviceCache(1, Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @EnumSource
    void twoSubtasksWithIdleAdaptersBecomeThree(Backend backend) throws Exception {
        assertTwoSubtasksBecomeThree(backend, small().withTtl(TTL));
    }

    private void assertTwoSubtasksBecomeThree(Backend backend, TrainingSettings settings)
            throws Exception {
        int half = examples() / 2;
        var versions = new ArrayList<Map<String, List<String>>>();
        var states = new ArrayList<OperatorSubtaskState>();
        for (int i = 0; i < 2; i++) {
            try (var harness = TrainerHarness.start(backend, settings, observe(), 2, i)) {
                harness.watermarks = true;
                observed.holdSteps();
                harness.process(stream(0, half));
                states.add(harness.snapshot());
                versions.add(harness.versions());
                observed.releaseSteps();
            }
        }
        var adapters = new TreeMap<String, String>();
        for (int i = 0; i < 3; i++) {
            try (var harness = TrainerHarness.rescale(backend, settings, observe(), states, 3, i)) {
                harness.watermarks = true;
                harness.process(stream(half, examples())).endInput();
                versions.add(harness.versions());
                adapters.putAll(harness.states());
            }
        }
        var expected = uninterrupted(settings);
        assertThat(merge(versions)).isEqualTo(expected.versions());
        assertThat(adapters).isEqualTo(expected.states());
    }
}
