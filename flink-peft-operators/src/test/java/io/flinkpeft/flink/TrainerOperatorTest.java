package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Trainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.Test;

class TrainerOperatorTest {

    private final ObservedTrainer toy = new ObservedTrainer(ToyTrainer::new);
    private final TrainingSettings settings =
            ToySettings.DEFAULT.with(Batching.DEFAULT.withSize(4)).publishingEvery(1);

    private TrainerHarness start(TrainingSettings settings) throws Exception {
        return TrainerHarness.start(Backend.HEAP, settings, toy);
    }

    private static List<Example> ofOneAdapter(int count) {
        return Examples.of(0, count, 1);
    }

    @Test
    void aBatchClosesByCount() throws Exception {
        try (var harness = start(settings)) {
            harness.processAndFinish(ofOneAdapter(3));
            assertThat(harness.predictions()).isEmpty();
            harness.processAndFinish(Examples.of(3, 4, 1));
            assertThat(harness.predictions().get("adapter-0")).hasSize(4);
            assertThat(harness.versions().get("adapter-0")).hasSize(1);
        }
    }

    @Test
    void aBatchClosesByTheEventTimeOfTheNextExample() throws Exception {
        var batching = Batching.DEFAULT.withInterval(Duration.ofMillis(10));
        try (var harness = start(settings.with(batching))) {
            harness.processAndFinish(List.of(at(0), at(9)));
            assertThat(harness.predictions()).isEmpty();
            harness.processAndFinish(List.of(at(10)));
            assertThat(harness.predictions().get("a")).hasSize(2);
        }
    }

    private static Example at(long millis) {
        return Example.labelled("a", "text", "noun").at(millis, null, -1, -1);
    }

    @Test
    void endOfInputTrainsWhatWaitsAndCutsAVersion() throws Exception {
        try (var harness = start(settings.publishingEvery(100))) {
            harness.process(ofOneAdapter(6)).endInput();
            assertThat(harness.predictions().get("adapter-0")).hasSize(6);
            assertThat(harness.versions().get("adapter-0"))
                    .singleElement()
                    .asString()
                    .startsWith("adapter-0@2 ");
        }
    }

    @Test
    void endOfInputCutsVersionsOfEvictedAdapters() throws Exception {
        var tight = settings.publishingEvery(100).with(new DeviceCache(1, 1));
        try (var harness = start(tight)) {
            harness.process(Examples.of(0, 60, 5)).endInput();
            assertThat(harness.versions()).hasSize(5);
        }
    }

    @Test
    void endOfInputCutsNoVersionWhereNothingWasLearntSince() throws Exception {
        try (var harness = start(settings)) {
            harness.process(ofOneAdapter(4)).endInput();
            assertThat(harness.versions().get("adapter-0")).hasSize(1);
        }
    }

    @Test
    void unlabelledExamplesArePredictedOnly() throws Exception {
        try (var harness = start(settings)) {
            harness.process(List.of(Example.unlabelled("a", "one"), Example.unlabelled("a", "two")))
                    .endInput();
            assertThat(harness.predictions().get("a")).hasSize(2);
            assertThat(harness.versions()).isEmpty();
            assertThat(harness.states()).isEmpty();
        }
    }

    @Test
    void theParentOfAVersionIsTheVersionBefore() throws Exception {
        try (var harness = start(settings.publishingEvery(2))) {
            harness.process(ofOneAdapter(20)).endInput();
            assertThat(harness.flink.extractOutputValues())
                    .extracting(AdapterVersion::step, AdapterVersion::parentStep)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(2L, -1L),
                            org.assertj.core.groups.Tuple.tuple(4L, 2L),
                            org.assertj.core.groups.Tuple.tuple(5L, 4L));
        }
    }

    @Test
    void adaptersThatAreReadyTogetherShareAStep() throws Exception {
        try (var harness = start(settings.with(Batching.DEFAULT.withSize(1).withStep(3, 100)))) {
            toy.holdSteps();
            for (int i = 0; i < 8; i++) {
                harness.process(List.of(Example.labelled("a" + i, "text", "noun")));
            }
            toy.releaseSteps();
            harness.finishSteps();
            assertThat(toy.stepSizes).containsExactly(1, 3, 3, 1);
        }
    }

    @Test
    void aStepTakesNoMoreExamplesThanItMay() throws Exception {
        try (var harness = start(settings.with(Batching.DEFAULT.withSize(4).withStep(99, 10)))) {
            toy.holdSteps();
            for (int i = 0; i < 5; i++) {
                var example = Example.labelled("a" + i, "text", "noun");
                harness.process(List.of(example, example, example, example));
            }
            toy.releaseSteps();
            harness.finishSteps();
            assertThat(toy.stepSizes).containsExactly(1, 2, 2);
        }
    }

    @Test
    void aWatermarkWaitsForTheStepsBeforeIt() throws Exception {
        try (var harness = start(settings)) {
            toy.holdSteps();
            harness.process(ofOneAdapter(4));
            harness.flink.processWatermark(3000);
            assertThat(harness.flink.getOutput()).isEmpty();
            toy.releaseSteps();
            harness.finishSteps();
            var output = new ArrayList<>(harness.flink.getOutput());
            assertThat(output).hasSize(2);
            assertThat(output.get(0)).isInstanceOf(StreamRecord.class);
            assertThat(output.get(1)).isEqualTo(new Watermark(3000));
        }
    }

    @Test
    void aWatermarkDoesNotWaitForExamplesWithoutAStep() throws Exception {
        try (var harness = start(settings)) {
            harness.process(ofOneAdapter(3));
            harness.flink.processWatermark(2000);
            assertThat(harness.flink.getOutput()).containsExactly(new Watermark(2000));
        }
    }

    @Test
    void theLastWatermarkComesAfterAllOutputs() throws Exception {
        try (var harness = start(settings)) {
            harness.process(ofOneAdapter(3));
            harness.flink.processWatermark(Watermark.MAX_WATERMARK);
            harness.endInput();
            var output = new ArrayList<>(harness.flink.getOutput());
            assertThat(output).hasSize(2).last().isEqualTo(Watermark.MAX_WATERMARK);
        }
    }

    @Test
    void badExamplesGoToTheDeadLetterAndTheOthersTrain() throws Exception {
        try (var harness = start(settings)) {
            var bad =
                    List.of(
                            Example.labelled(null, "text", "noun"),
                            Example.labelled("a\tb", "text", "noun"),
                            Example.labelled("\ud800", "text", "noun"),
                            Example.labelled("a", null, "noun"),
                            Example.labelled("a", "poison", "noun").at(7, "texts", 2, 9));
            harness.process(bad).process(List.of(Example.labelled("a", "text", "noun"))).endInput();
            assertThat(harness.rejected())
                    .extracting(Rejected::reason)
                    .containsExactly(
                            "Adapter id (null) must not be empty.",
                            "Adapter id (a\tb) must not hold control characters.",
                            "Adapter id (\ud800) must not hold half a surrogate pair.",
                            "Text (null) must be a string. Maybe an empty one.",
                            "Text (poison) must be edible.");
            assertThat(harness.rejected().get(4).offset()).isEqualTo(9);
            assertThat(harness.versions().get("a")).hasSize(1);
        }
    }

    @Test
    void inputWaitsWhileTooManyExamplesAreBuffered() throws Exception {
        assertInputWaits(8, Batching.DEFAULT.withSize(2).withMaxBuffered(8));
    }

    @Test
    void inputWaitsWhileTooManyBytesAreBuffered() throws Exception {
        assertInputWaits(2, Batching.DEFAULT.withSize(2).withMaxBufferedBytes(1));
    }

    private void assertInputWaits(int fit, Batching batching) throws Exception {
        try (var harness = start(settings.with(batching))) {
            toy.holdSteps();
            harness.process(ofOneAdapter(fit));
            var released =
                    CompletableFuture.runAsync(
                            () -> {
                                await().until(toy.permits::hasQueuedThreads);
                                assertThat(harness.predictions()).isEmpty();
                                toy.releaseSteps();
                            });
            harness.process(Examples.of(fit, fit + 1, 1)); // waits for the release
            released.join();
            assertThat(harness.predictions().get("adapter-0")).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void manyAdaptersWithFewExamplesDoNotBlockTheInput() throws Exception {
        var settings =
                this.settings
                        .with(Batching.DEFAULT.withSize(10).withMaxBuffered(20))
                        .with(new DeviceCache(4, 1000));
        try (var harness = start(settings)) {
            harness.process(Examples.of(0, 300, 100)).endInput();
            assertThat(harness.predictions().values().stream().mapToInt(List::size).sum())
                    .isEqualTo(300);
        }
    }

    @Test
    void theCacheHoldsItsLimits() throws Exception {
        assertHoldsTwo(new DeviceCache(2, Long.MAX_VALUE));
        assertHoldsTwo(new DeviceCache(99, 250)); // bytes, of which an adapter has 100
    }

    private void assertHoldsTwo(DeviceCache limits) throws Exception {
        try (var harness = start(settings.with(limits).with(single()))) {
            harness.processAndFinish(Examples.of(0, 200, 20));
            await().until(() -> toy.onDevice.get() == 2); // the worker frees behind its steps
            // two that stay, one before and after its step, and two whose turn it was just now
            assertThat(toy.mostOnDevice).hasValueLessThanOrEqualTo(6);
        }
    }

    private static Batching single() {
        return Batching.DEFAULT.withSize(4).withStep(1, 100);
    }

    @Test
    void closingFreesAllAdapters() throws Exception {
        try (var harness = start(settings)) {
            harness.processAndFinish(Examples.of(0, 100, 5));
            assertThat(toy.onDevice).hasPositiveValue();
        }
        assertThat(toy.onDevice).hasValue(0);
        assertThat(toy.openTrainers).hasValue(0);
    }

    @Test
    void closingDuringAStepDoesNotWaitForItAndDropsItsResult() throws Exception {
        var harness = start(settings);
        toy.holdSteps();
        harness.process(ofOneAdapter(4));
        await().until(toy.permits::hasQueuedThreads);
        harness.close();
        assertThat(toy.permits.hasQueuedThreads()).as("the step still runs").isTrue();
        toy.releaseSteps();
        await().untilAsserted(() -> assertThat(toy.openTrainers).hasValue(0));
        assertThat(toy.onDevice).hasValue(0);
        assertThat(harness.versions()).isEmpty();
    }

    @Test
    void resultsThatArriveAfterClosingDoNothing() throws Exception {
        var harness = start(settings);
        harness.process(ofOneAdapter(4));
        var mailbox = harness.flink.getTaskMailbox();
        await().pollInSameThread().until(mailbox::hasMail); // the result is there, nobody took it
        harness.close();
        mailbox.take(0).run();
        assertThat(harness.versions()).isEmpty();
        assertThat(toy.onDevice).hasValue(0);
    }

    @Test
    void aBatchWhoseStepThrowsIsADeadLetter() throws Exception {
        try (var harness = start(settings)) {
            var crash = Example.labelled("a", "crash", "noun");
            harness.process(List.of(crash)).endInput();
            assertThat(harness.rejected())
                    .singleElement()
                    .satisfies(each -> assertThat(each.reason()).contains("The toy crashed."));
            assertThat(harness.versions()).isEmpty();
        }
    }

    @Test
    void aModelThatCannotBeOpenedFailsTheStart() {
        Trainer.Factory missing =
                () -> {
                    throw new IllegalArgumentException("model (x) must be a directory.");
                };
        assertThatThrownBy(() -> TrainerHarness.start(Backend.HEAP, settings, missing))
                .hasStackTraceContaining("model (x) must be a directory.");
    }
}
