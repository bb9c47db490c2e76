package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Control;
import io.flinkpeft.event.Control.Action;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.TrainerHarness.Backend;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ControlsTest {

    private static final Control RESET = Control.of("a", Action.RESET);
    private static final Control DROP = Control.of("a", Action.DROP).at(77, "texts", 0, 5);

    private final TrainingSettings settings =
            ToySettings.DEFAULT
                    .with(Batching.DEFAULT.withSize(2))
                    .with(new Replay(3, 2))
                    .publishingEvery(1);

    private TrainerHarness start(Backend backend) throws Exception {
        return TrainerHarness.start(backend, settings, ToyTrainer::new);
    }

    private static List<TrainingEvent> events(Object... parts) {
        var events = new ArrayList<TrainingEvent>();
        for (Object part : parts) {
            if (part instanceof TrainingEvent event) {
                events.add(event);
            } else {
                events.add(Example.labelled("a", part.toString(), "noun"));
            }
        }
        return events;
    }

    @Test
    void aControlClosesTheBatchThatWaits() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.processAndFinish(events("one", Control.learningRate("a", 0.5)));
            assertThat(harness.predictions().get("a")).hasSize(1);
            assertThat(steps(harness)).containsExactly(1L);
        }
    }

    @Test
    void aPausedAdapterPredictsAndLearnsNothing() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.processAndFinish(events("one", "two"));
            var before = harness.states().get("a");
            harness.processAndFinish(events(Control.of("a", Action.PAUSE), "three", "four"));
            assertThat(harness.predictions().get("a")).hasSize(4);
            assertThat(harness.predictions().get("a").get(3).loss()).isFinite();
            assertThat(harness.states().get("a")).isEqualTo(before);
            harness.processAndFinish(events(Control.of("a", Action.RESUME), "five", "six"));
            assertThat(steps(harness)).containsExactly(1L, 2L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResetAdapterLearnsLikeANewOneAndCountsItsStepsOn(Backend backend) throws Exception {
        try (var harness = start(backend);
                var fresh = start(backend)) {
            harness.processAndFinish(events("one", "two", "three", "four", RESET, "five", "six"));
            fresh.processAndFinish(events("five", "six"));
            assertThat(steps(harness)).containsExactly(1L, 2L, 3L);
            var version = harness.flink.extractOutputValues().get(2);
            assertThat(version.payload())
                    .isEqualTo(fresh.flink.extractOutputValues().get(0).payload());
            assertThat(version.lineage().examples()).isEqualTo(2);
            assertThat(version.parentStep()).isEqualTo(-1);
        }
    }

    /** The steps of an adapter's versions, of which one is cut every third step. */
    private List<Long> stepsWith(int minExamples, Object... events) throws Exception {
        var rare = settings.publishing(3, minExamples);
        try (var harness = TrainerHarness.start(Backend.HEAP, rare, ToyTrainer::new)) {
            harness.processAndFinish(events(events));
            return steps(harness);
        }
    }

    private static Object[] examples(int before, Control control, int after) {
        var all = new ArrayList<Object>(Collections.nCopies(before, "x"));
        all.add(control);
        all.addAll(Collections.nCopies(after, "y"));
        return all.toArray();
    }

    @Test
    void aVersionIsCutSoManyStepsBehindTheBeginning() throws Exception {
        assertThat(stepsWith(1, examples(10, RESET, 14))).containsExactly(3L, 8L, 11L);
        assertThat(stepsWith(1, examples(10, Control.method("a", "TOY-2"), 14)))
                .containsExactly(3L, 8L, 11L);
        assertThat(stepsWith(1, examples(10, Control.learningRate("a", 1), 14)))
                .containsExactly(3L, 6L, 9L, 12L);
        assertThat(stepsWith(1, examples(10, DROP, 14))).containsExactly(3L, 6L, 9L, 12L);
    }

    @Test
    void noneIsCutBeforeSoManyExamplesWereLearnt() throws Exception {
        assertThat(stepsWith(7, examples(10, RESET, 14))).containsExactly(11L);
        assertThat(stepsWith(6, examples(20, RESET, 14))).containsExactly(3L, 6L, 9L, 13L, 16L);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCountedFromTheBeginningIsCountedOnAfterARestore(Backend backend) throws Exception {
        var rare = settings.publishing(3, 7);
        var all = events(examples(10, RESET, 30));
        try (var whole = TrainerHarness.start(backend, rare, ToyTrainer::new);
                var first = TrainerHarness.start(backend, rare, ToyTrainer::new)) {
            whole.process(all).endInput();
            first.process(all.subList(0, 17));
            try (var second =
                    TrainerHarness.restore(backend, rare, ToyTrainer::new, first.snapshot())) {
                second.process(all.subList(17, 41)).endInput();
                first.finishSteps();
                assertThat(second.states()).isEqualTo(whole.states());
                assertThat(second.versions()).isEqualTo(whole.versions());
            }
        }
    }

    @Test
    void endOfInputPublishesNothingOfTooFewExamples() throws Exception {
        var rare = settings.publishing(3, 5);
        try (var harness = TrainerHarness.start(Backend.HEAP, rare, ToyTrainer::new)) {
            harness.process(events("one", "two", "three", "four")).endInput();
            assertThat(steps(harness)).isEmpty();
        }
        try (var harness = TrainerHarness.start(Backend.HEAP, rare, ToyTrainer::new)) {
            harness.process(events("one", "two", "three", "four", "five", "six")).endInput();
            assertThat(steps(harness)).containsExactly(3L);
        }
    }

    @Test
    void endOfInputPublishesNothingOfAnAdapterThatLearntNothingSinceItsReset() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.process(events("one", "two", RESET)).endInput();
            assertThat(steps(harness)).containsExactly(1L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDroppedAdapterIsGoneAndTheNextOneCountsItsStepsOn(Backend backend) throws Exception {
        try (var harness = start(backend)) {
            harness.processAndFinish(
                    events("one", "two", Control.learningRate("a", 0.5), "three", "four", DROP));
            assertThat(harness.flink.extractOutputValues().get(2))
                    .isEqualTo(AdapterVersion.removal("a", 3, 77));
            assertThat(harness.states()).containsOnlyKeys("a settings");
            assertThat(harness.settings())
                    .containsEntry("a", AdapterSettings.DEFAULT.startingAt(3));
            harness.processAndFinish(events("five", "six"));
            assertThat(steps(harness)).containsExactly(1L, 2L, 3L, 4L);
        }
    }

    @Test
    void anAdapterThatWasNeverSeenCanBeDropped() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.process(events(DROP)).endInput();
            assertThat(harness.flink.extractOutputValues())
                    .containsExactly(AdapterVersion.removal("a", 1, 77));
        }
    }

    @Test
    void anotherMethodBeginsAnew() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.processAndFinish(
                    events("one", "two", Control.method("a", "TOY-2"), "three", "four"));
            assertThat(harness.flink.extractOutputValues())
                    .extracting(AdapterVersion::step, AdapterVersion::method)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple(1L, "TOY"),
                            org.assertj.core.groups.Tuple.tuple(2L, "TOY-2"));
        }
    }

    @Test
    void settingsOfANewAdapterMayComeBeforeItsFirstExample() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            harness.processAndFinish(events(Control.method("a", "TOY-2"), "one", "two"));
            assertThat(harness.flink.extractOutputValues())
                    .extracting(AdapterVersion::method)
                    .containsExactly("TOY-2");
        }
    }

    static Stream<Control> badControls() {
        return Stream.of(
                new Control("a", Action.SET, null, null, null, 0, null, -1, -1),
                new Control("a", Action.PAUSE, 0.1, null, null, 0, null, -1, -1),
                Control.learningRate("a", 0),
                Control.learningRate("a", Double.NaN),
                Control.learningRate("a", Double.POSITIVE_INFINITY),
                new Control("a", Action.SET, null, -0.1, null, 0, null, -1, -1),
                Control.method("a", "{}"),
                Control.method("a", "crash"),
                Control.of("", Action.DROP));
    }

    @ParameterizedTest
    @MethodSource("badControls")
    void aControlThatCannotBeObeyedIsADeadLetterAndChangesNothing(Control bad) throws Exception {
        try (var harness = start(Backend.HEAP);
                var without = start(Backend.HEAP)) {
            harness.process(events("one", "two", bad, "three", "four")).endInput();
            without.process(events("one", "two", "three", "four")).endInput();
            assertThat(harness.versions()).isEqualTo(without.versions());
            assertThat(harness.states()).isEqualTo(without.states());
            assertThat(harness.rejected()).hasSize(1);
        }
    }

    @Test
    void aDeadLetterHoldsTheControlAndTheReason() throws Exception {
        try (var harness = start(Backend.HEAP)) {
            var rate = Control.learningRate("a", -1).at(5, "texts", 1, 2);
            harness.processAndFinish(events(rate));
            assertThat(harness.rejected())
                    .containsExactly(
                            new Rejected(
                                    Rejected.Cause.CONTROL,
                                    "learning_rate (-1.0) must be more than 0 and at most 1e6.",
                                    "a",
                                    null,
                                    "texts",
                                    1,
                                    2,
                                    5,
                                    ("{\"adapter\":\"a\",\"control\":\"set\","
                                                    + "\"learning_rate\":-1.0,\"timestamp\":5}")
                                            .getBytes()));
        }
    }

    @Test
    void aMethodHasALimitWhateverItsSource() throws Exception {
        String json = " ".repeat(Control.METHOD_LENGTH) + "{}";
        try (var harness = start(Backend.HEAP)) {
            harness.processAndFinish(events(Control.method("a", json)));
            assertThat(harness.rejected())
                    .extracting(Rejected::reason)
                    .containsExactly("method (16386 characters) must have at most 16384.");
        }
    }

    private static List<Long> steps(TrainerHarness harness) {
        return harness.flink.extractOutputValues().stream().map(AdapterVersion::step).toList();
    }
}
