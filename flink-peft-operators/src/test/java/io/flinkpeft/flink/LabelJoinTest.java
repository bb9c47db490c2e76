package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.EventOrder;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
}
