package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.TrainerStates;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdleAdaptersTest {

    private static final long TTL = 1000;

    private final ObservedTrainer toy = new ObservedTrainer(ToyTrainer::new);
    private final TrainingSettings settings =
            ToySettings.DEFAULT
                    .with(Batching.DEFAULT.withSize(2))
                    .with(new Replay(5, 2))
                    .publishingEvery(10)
                    .withTtl(Duration.ofMillis(TTL));

    private TrainerHarness start(Backend backend) throws Exception {
        return TrainerHarness.start(backend, settings, toy);
    }

    private static List<Example> at(long... times) {
        return Arrays.stream(times).mapToObj(time -> of("a", time)).toList();
    }

    private static Example of(String adapter, long time) {
        return Example.labelled(adapter, "text " + time, "noun").at(time, "texts", 0, time);
    }

    private static List<String> names(TrainerHarness harness) {
        return harness.flink.extractOutputValues().stream().map(AdapterVersion::name).toList();
    }

    private static List<String> statesOf(TrainerHarness harness, String adapter) {
        return Stream.of(
                        TrainerStates.ADAPTER,
                        TrainerStates.SETTINGS,
                        TrainerStates.QUEUE,
                        TrainerStates.REPLAY,
                        TrainerStates.LAST_EVENT)
                .filter(state -> harness.keys(state).contains(adapter))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void anIdleAdapterLeavesItsLastVersionAndWhereItsStepsEnded(Backend backend) throws Exception {
        try (var harness = start(backend)) {
            harness.process(at(1, 2, 3)); // the third waits
            harness.flink.processWatermark(TTL + 2);
            assertThat(names(harness.finishSteps())).isEmpty();
            harness.flink.processWatermark(TTL + 3);
            assertThat(names(harness.finishSteps())).containsExactly("a@2");
            assertThat(harness.predictions().get("a")).hasSize(3);
            harness.snapshot();
            assertThat(statesOf(harness, "a")).containsExactly(TrainerStates.SETTINGS);
            assertThat(harness.flink.numEventTimeTimers()).isZero();
            await().untilAsserted(() -> assertThat(toy.onDevice).hasValue(0));
        }
    }

    @Test
    void whatFollowsIsANewAdapterWithOtherVersions() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.process(at(1, 2, 5000, 5001)).endInput();
            assertThat(harness.flink.extractOutputValues())
                    .extracting(AdapterVersion::name, AdapterVersion::parentStep)
                    .containsExactly(Tuple.tuple("a@1", -1L), Tuple.tuple("a@2", -1L));
            assertThat(harness.flink.extractOutputValues().get(1).offsets().get(0).first())
                    .isEqualTo(5000);
        }
    }

    @Test
    void theTimerOnlyDoesSoonerWhatTheNextExampleWouldDo() throws Exception {
        var events = at(1, 2, 3, TTL + 2, 2 * TTL + 2, 2 * TTL + 3, 5 * TTL, 9 * TTL, 9 * TTL + 1);
        try (var with = start(Backend.HEAP);
                var without = start(Backend.HEAP)) {
            with.watermarks = true;
            with.process(events).endInput();
            without.process(events).endInput();
            assertThat(with.versions()).isEqualTo(without.versions());
            assertThat(with.predictions()).isEqualTo(without.predictions());
            assertThat(with.states()).isEqualTo(without.states());
            assertThat(names(with)).hasSize(4);
        }
    }

    @Test
    void theStepInFlightKeepsTheAdapter() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            toy.holdSteps();
            harness.process(at(1, 2));
            await().until(toy.permits::hasQueuedThreads);
            harness.flink.processWatermark(10 * TTL);
            assertThat(harness.flink.getOutput()).isEmpty(); // the watermark waits too
            toy.releaseSteps();
            assertThat(names(harness.finishSteps())).containsExactly("a@1");
            assertThat(harness.flink.getOutput()).hasSize(2);
        }
    }

    @Test
    void examplesAndControlsKeepAnAdapter() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.process(at(1, 800));
            harness.process(
                    List.of(Control.of("a", Control.Action.RESUME).at(1600, "texts", 0, 9)));
            harness.flink.processWatermark(1600 + TTL - 1);
            assertThat(names(harness.finishSteps())).isEmpty();
            harness.flink.processWatermark(1600 + TTL);
            assertThat(names(harness.finishSteps())).containsExactly("a@1");
        }
    }

    @Test
    void settingsOutliveTheAdapter() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.process(List.of(Control.of("a", Control.Action.PAUSE)));
            harness.process(at(5000, 5001)).endInput();
            assertThat(harness.predictions().get("a")).hasSize(2);
            assertThat(names(harness)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void adaptersOfAJobWithoutTtlGetTimersWhenItHasOne(Backend backend) throws Exception {
        var never = settings.withTtl(Duration.ZERO);
        try (var before = TrainerHarness.start(backend, never, toy)) {
            before.process(at(1, 2)).flink.processWatermark(10 * TTL);
            assertThat(names(before.finishSteps())).isEmpty();
            var state = before.snapshot();
            try (var after = TrainerHarness.restore(backend, settings, toy, state)) {
                after.flink.processWatermark(10 * TTL);
                assertThat(names(after.finishSteps())).containsExactly("a@1");
            }
        }
    }

    @Test
    void manyMayEndAtOnceInASmallCache() throws Exception {
        var tight =
                settings.with(new DeviceCache(2, Long.MAX_VALUE))
                        .with(settings.batching().withMaxBuffered(4));
        try (var harness = TrainerHarness.start(Backend.ROCKSDB, tight, toy)) {
            for (int i = 0; i < 50; i++) {
                harness.process(List.of(of("a" + i, i), of("a" + i, i)));
            }
            harness.flink.processWatermark(10 * TTL);
            assertThat(names(harness.finishSteps())).hasSize(50);
            harness.snapshot();
            assertThat(harness.keys(TrainerStates.ADAPTER)).isEmpty();
        }
    }

    @Test
    void endOfInputEndsNoAdapter() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.process(at(1, 2));
            harness.flink.processWatermark(Long.MAX_VALUE);
            harness.endInput();
            assertThat(harness.states()).isNotEmpty();
        }
    }
}
