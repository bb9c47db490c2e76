package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.EventOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LabelJoinTest {

    private static final EventOrder ORDER =
            EventOrder.EVENT_TIME
                    .withOutOfOrderness(Duration.ofMillis(2000))
                    .withLabelWait(Duration.ofMillis(100))
                    .withIdHorizon(Duration.ofMillis(1000));

    private static Example text(long time) {
        return Example.unlabelled("a", "text").named("x").at(time, "t", 0, time);
    }

    private static Feedback label(String label, long time) {
        return new Feedback("a", "x", label, time, "labels", 0, time);
    }

    private static Feedback retraction(long time) {
        return label(null, time);
    }

    private record Result(List<TrainingEvent> ordered, List<String> reasons) {}

    private static Result run(TrainingEvent... events) throws Exception {
        try (var harness = OrderHarness.start(Backend.HEAP, ORDER)) {
            harness.process(List.of(events)).endInput();
            return new Result(
                    harness.ordered(), harness.rejected().stream().map(Rejected::reason).toList());
        }
    }

    @Test
    void aLabelJoinsTheTextBeforeIt() throws Exception {
        var result = run(text(1000), label("noun", 1100));
        assertThat(result.ordered()).containsExactly(text(1000).withLabel("noun"));
        assertThat(result.reasons()).isEmpty();
    }

    @Test
    void aLabelThatComesTooLateIsADeadLetterAndTheTextIsPredictedOnly() throws Exception {
        var result = run(text(1000), label("noun", 1101));
        assertThat(result.ordered()).containsExactly(text(1000));
        assertThat(result.reasons())
                .containsExactly(
                        "Label (noun) of example x at event time 1101 must follow its text within"
                                + " train.label-wait (100 ms), the text was at event time 1000.");
    }

    @Test
    void aLabelWithoutATextIsADeadLetter() throws Exception {
        var result = run(label("noun", 999), text(1000));
        assertThat(result.ordered()).containsExactly(text(1000));
        assertThat(result.reasons())
                .containsExactly(
                        "Label (noun) of example x at event time 999 must follow its text within"
                                + " train.label-wait (100 ms), there is none.");
    }

    @Test
    void aSecondLabelIsADeadLetter() throws Exception {
        var result = run(text(1000), label("noun", 1020), label("verb", 1010));
        assertThat(result.ordered()).containsExactly(text(1000).withLabel("verb"));
        assertThat(result.reasons())
                .containsExactly(
                        "Label (noun) of example x at event time 1020 must be the only one. Maybe"
                                + " retract the first.");
    }

    @Test
    void aRetractionTakesTheLabelBack() throws Exception {
        var labelled = text(1000).withLabel("noun");
        assertThat(run(labelled, retraction(1050)).ordered()).containsExactly(text(1000));
        assertThat(run(text(1000), label("noun", 1001), retraction(1002)).ordered())
                .containsExactly(text(1000));
        assertThat(run(labelled, retraction(1050), label("verb", 1060)).ordered())
                .containsExactly(text(1000).withLabel("verb"));
    }

    @Test
    void aRetractionOfATextWithoutALabelTakesTheTextBack() throws Exception {
        var result = run(text(1000), retraction(1050), label("verb", 1060));
        assertThat(result.ordered()).isEmpty();
        assertThat(result.reasons())
                .containsExactly(
                        "Label (verb) of example x at event time 1060 must come before its example"
                                + " is taken back.");
    }

    @Test
    void aRetractionThatComesTooLateIsADeadLetter() throws Exception {
        var labelled = text(1000).withLabel("noun");
        var result = run(labelled, retraction(1200));
        assertThat(result.ordered()).containsExactly(labelled);
        assertThat(result.reasons())
                .containsExactly(
                        "Retraction of example x at event time 1200 must follow its text within"
                                + " train.label-wait (100 ms), the text was at event time 1000.");
    }

    @Test
    void theSameIdWithinTheHorizonIsADuplicate() throws Exception {
        var first = text(1000).withLabel("noun");
        var result = run(text(2000).withLabel("verb"), first, text(2001).withLabel("verb"));
        assertThat(result.ordered()).containsExactly(first, text(2001).withLabel("verb"));
        assertThat(result.reasons())
                .containsExactly(
                        "Example id (x) must not come again within train.id-horizon (1000 ms), it"
                                + " came at event time 1000.");
    }

    @Test
    void anIdIsOfOneAdapter() throws Exception {
        var other = Example.unlabelled("b", "text").named("x").at(1000, "t", 1, 0);
        assertThat(run(text(1000), other).ordered()).hasSize(2);
    }

    @Test
    void theWatermarkDoesNotPassWhatWaitsForALabel() throws Exception {
        try (var harness = OrderHarness.start(Backend.HEAP, ORDER)) {
            harness.process(text(1000)).watermark(1099);
            assertThat(harness.output()).containsExactly(new Watermark(999));
            harness.watermark(1100);
            assertThat(harness.output()).hasSize(3).endsWith(new Watermark(1000));
        }
    }

    @Test
    void nothingStaysOfAnIdBehindItsHorizon() throws Exception {
        try (var harness = OrderHarness.start(Backend.HEAP, ORDER)) {
            harness.process(List.of(text(1000), label("noun", 1001))).watermark(2100);
            assertThat(harness.stateEntries()).isEqualTo(2); // the id, and how far it has come
            harness.watermark(2101);
            assertThat(harness.stateEntries()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachLabelIsJoinedOnceOrKeptAsADeadLetter(Backend backend) throws Exception {
        for (int seed = 0; seed < OrderRun.seeds(backend); seed++) {
            var truth = new LabelledStream(seed, ORDER);
            var result = OrderRun.of(backend, ORDER, truth.partitions(), seed);
            assertThat(result.ordered()).isEqualTo(truth.ordered());
            assertThat(result.rejected().keySet()).isEqualTo(truth.rejected());
            assertThat(result.crashes()).isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 5000", "5000, 1000", "0, 1000", "1000, 0", "1000, 1000"})
    void nothingStaysOfAnIdUnderAnotherHorizon(long before, long after) throws Exception {
        OrderHarness.Snapshot state;
        var first = ORDER.withIdHorizon(Duration.ofMillis(before));
        try (var harness = OrderHarness.start(Backend.HEAP, first)) {
            state = harness.process(text(1000)).watermark(1100).snapshot();
        }
        var then = ORDER.withIdHorizon(Duration.ofMillis(after)).withLabelWait(Duration.ZERO);
        try (var harness = OrderHarness.restore(Backend.HEAP, then, state, 1)) {
            harness.watermark(1000 + Math.max(before, after) + 1);
            assertThat(harness.stateEntries()).isEqualTo(1); // how far it has come
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLabelThatWasJoinedIsNoDeadLetterUnderAnotherWait(Backend backend) throws Exception {
        OrderHarness.Snapshot state;
        try (var harness = OrderHarness.start(backend, ORDER)) {
            state =
                    harness.process(List.of(text(1000), label("noun", 1090)))
                            .watermark(1100)
                            .snapshot();
            assertThat(harness.ordered()).containsExactly(text(1000).withLabel("noun"));
        }
        var none = ORDER.withLabelWait(Duration.ZERO);
        try (var harness = OrderHarness.restore(backend, none, state, 2)) {
            assertThat(harness.watermark(5000).rejected()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLabelThatWasNotJoinedIsADeadLetterUnderAnotherWait(Backend backend) throws Exception {
        OrderHarness.Snapshot state;
        var none = ORDER.withLabelWait(Duration.ZERO);
        try (var harness = OrderHarness.start(backend, none)) {
            state =
                    harness.process(List.of(text(1000), label("noun", 1090)))
                            .watermark(1050)
                            .snapshot();
        }
        try (var harness = OrderHarness.restore(backend, ORDER, state, 1)) {
            assertThat(harness.watermark(5000).rejected()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyLabelsOfOneExampleCostNoMoreThanThoseOfMany(Backend backend) throws Exception {
        try (var harness = OrderHarness.start(backend, ORDER)) {
            harness.process(text(1000)).processOnTime(labels(50_000)).endInput();
            assertThat(harness.ordered()).containsExactly(text(1000).withLabel("noun"));
            assertThat(harness.rejected()).hasSize(49_999);
        }
    }

    private static List<Feedback> labels(int many) {
        return IntStream.range(0, many)
                .mapToObj(i -> new Feedback("a", "x", "noun", 1001 + i % 90, "labels", 0, i))
                .toList();
    }

    @Test
    void manyLabelsWithoutATextAreDeadLetters() throws Exception {
        try (var harness = OrderHarness.start(Backend.HEAP, ORDER)) {
            harness.processOnTime(labels(50_000)).endInput();
            assertThat(harness.rejected()).hasSize(50_000);
        }
    }

    @Test
    void labelsThatCameFromNoTopicCountEachForItself() throws Exception {
        var same = new Feedback("a", "x", "noun", 1010, null, -1, -1);
        var result = run(text(1000), same, same, same);
        assertThat(result.ordered()).containsExactly(text(1000).withLabel("noun"));
        assertThat(result.reasons()).hasSize(2);
        assertThat(run(same, same).reasons()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "HEAP, 100, verb, 2", "HEAP, 0, , 3", "HEAP, 10000, verb, 2",
        "ROCKSDB, 100, verb, 2", "ROCKSDB, 0, , 3", "ROCKSDB, 10000, verb, 2"
    })
    void stateOfRelease01GoesOnUnderEveryWait(
            Backend backend, long wait, String label, int deadLetters) throws Exception {
        var order = ORDER.withLabelWait(Duration.ofMillis(wait));
        try (var harness = OrderHarness.restore(backend, order, release01(backend), 1)) {
            harness.watermark(1200 + wait);
            assertThat(harness.ordered())
                    .containsExactly(text(1150).named("y").withLabel(label), text(1200).named("w"));
            assertThat(harness.watermark(50_000).rejected()).hasSize(deadLetters);
            if (backend == Backend.HEAP) {
                assertThat(harness.stateEntries()).isEqualTo(1);
            }
        }
    }

    /**
     * Under a wait of 100 ms: example x at 1000, which had its turn with its label noun of 1050; y
     * at 1150 and w at 1200, which wait; labels of y at 1170 and 1180, and one of z at 1190.
     */
    private static OrderHarness.Snapshot release01(Backend backend) throws Exception {
        String name = "/state/0.1.0/order-" + backend.name().toLowerCase(Locale.ROOT) + ".bin";
        String file = Path.of(LabelJoinTest.class.getResource(name).toURI()).toString();
        return new OrderHarness.Snapshot(
                List.of(OperatorSubtaskState.builder().build()),
                List.of(OperatorSnapshotUtil.readStateHandle(file)));
    }
}
