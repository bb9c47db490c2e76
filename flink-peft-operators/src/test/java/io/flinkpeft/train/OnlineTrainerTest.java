package io.flinkpeft.train;

import static io.flinkpeft.train.Training.batch;
import static io.flinkpeft.train.Training.learn;
import static io.flinkpeft.train.Training.step;
import static io.flinkpeft.train.Training.warmedUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnlineTrainerTest {

    private static final OptimizerConfig FAST =
            new OptimizerConfig(5e-3, 2e-2, 0.01, 0.9, 0.999, 1e-8, 1.0);

    private final List<Example> examples = TinyModels.examples("a");

    private static TrainerConfig config() {
        return TrainerConfig.of(TinyModels.bert().toString(), TinyModels.loraOnAllLinears(4, 8))
                .withOptimizer(FAST);
    }

    @Test
    void learnsToPredict() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter adapter = trainer.create("a");
            BatchOutcome first = step(trainer, adapter, examples);
            for (int epoch = 0; epoch < 15; epoch++) {
                adapter = learn(trainer, adapter, examples, 8);
            }
            BatchOutcome last = step(trainer, adapter, examples);
            assertThat(first.loss()).isCloseTo(Math.log(3), within(1e-6));
            assertThat(last.loss()).isLessThan(0.3);
            assertThat(last.results())
                    .filteredOn(PrequentialResult::correct)
                    .hasSizeGreaterThan(43);
        }
    }

    @Test
    void aStepLeavesTheAdapterBeforeItAsItWas() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter before = trainer.create("a");
            AdapterState state = before.snapshot();
            LiveAdapter after = learn(trainer, before, examples, 8);
            assertThat(before.snapshot()).isEqualTo(state);
            assertThat(after.snapshot()).isNotEqualTo(state);
        }
    }

    @Test
    void theSameSeedAndIdGiveTheSameAdapter() {
        try (OnlineTrainer one = OnlineTrainer.open(config());
                OnlineTrainer other = OnlineTrainer.open(config())) {
            assertThat(one.create("a").snapshot()).isEqualTo(other.create("a").snapshot());
            assertThat(one.create("a").snapshot().row())
                    .isNotEqualTo(one.create("b").snapshot().row());
        }
    }

    @Test
    void restoredEqualsUninterrupted() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config());
                OnlineTrainer afterCrash = OnlineTrainer.open(config())) {
            AdapterState uninterrupted =
                    learn(trainer, trainer.create("a"), examples, 8).snapshot();
            AdapterState middle =
                    learn(trainer, trainer.create("a"), examples.subList(0, 24), 8).snapshot();
            LiveAdapter restored = afterCrash.restore(middle);
            assertThat(learn(afterCrash, restored, examples.subList(24, 48), 8).snapshot())
                    .isEqualTo(uninterrupted);
        }
    }

    @Test
    void whatAnAdapterLearnsDoesNotDependOnItsBatchMates() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter a = warmedUp(trainer, "a", examples.subList(0, 24));
            LiveAdapter other = warmedUp(trainer, "mate", examples.subList(24, 48));
            Batch own = batch(a, examples.subList(0, 3));
            AdapterState alone = trainer.step(List.of(own)).get(0).after().snapshot();
            for (int mates : new int[] {1, 5, 20}) {
                Batch mate = batch(other, examples.subList(4, 4 + mates));
                List<BatchOutcome> together = trainer.step(List.of(mate, own));
                assertThat(together.get(1).after().snapshot()).isEqualTo(alone);
            }
        }
    }

    @Test
    void aShortTextLearnsTheSameAloneAndTogether() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            Batch own = batch(trainer.create("a"), List.of(Example.labelled("a", "", "x")));
            Batch mate = batch(trainer.create("b"), examples.subList(0, 8));
            assertThat(trainer.step(List.of(mate, own)).get(1).after().snapshot())
                    .isEqualTo(trainer.step(List.of(own)).get(0).after().snapshot());
        }
    }

    @Test
    void theHeadGrowsWithoutChangingWhatWasLearned() {
        List<Example> many =
                IntStream.range(0, 24)
                        .mapToObj(i -> Example.labelled("a", "text " + i, "label " + i))
                        .toList();
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter small = learn(trainer, trainer.create("a"), many.subList(0, 8), 8);
            assertThat(small.snapshot().labelCapacity()).isEqualTo(8);
            LiveAdapter grown = learn(trainer, small, many, 8);
            assertThat(grown.snapshot().labelCapacity()).isEqualTo(32);
            assertThat(grown.snapshot().labels()).hasSize(24);

            AdapterState state = small.snapshot();
            List<Example> old = Collections.nCopies(8, many.get(3));
            BatchOutcome before = step(trainer, small, old);
            BatchOutcome after =
                    trainer.step(List.of(batch(grownOnly(trainer, state), old))).get(0);
            assertThat(after.loss()).isEqualTo(before.loss());
        }
    }

    /** The same adapter with room for 32 labels and none of them new. */
    private static LiveAdapter grownOnly(OnlineTrainer trainer, AdapterState s) {
        LiveAdapter live = trainer.restore(s);
        RowLayout own = ((DeviceAdapter) live).rowLayout();
        RowLayout larger = RowLayout.of(own.attached(), own.head(), 32);
        return trainer.restore(
                new AdapterState(
                        s.adapterId(),
                        s.baseHash(),
                        s.method(),
                        s.numerics(),
                        s.step(),
                        s.publishedStep(),
                        s.labels(),
                        32,
                        s.lineage(),
                        s.statistics(),
                        s.publishedStatistics(),
                        ((DeviceAdapter) live).rowLayout().grow(s.row(), larger),
                        ((DeviceAdapter) live).rowLayout().grow(s.firstMoment(), larger),
                        ((DeviceAdapter) live).rowLayout().grow(s.secondMoment(), larger)));
    }

    @Test
    void unlabelledExamplesArePredictedOnly() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter adapter = learn(trainer, trainer.create("a"), examples, 8);
            Example plain = Example.unlabelled("a", examples.get(0).text());
            BatchOutcome outcome = step(trainer, adapter, List.of(plain));
            assertThat(outcome.after()).isSameAs(adapter);
            assertThat(outcome.results()).hasSize(1);
            assertThat(outcome.results().get(0).predicted()).isNotNull();
            assertThat(outcome.results().get(0).loss()).isNaN();

            // and beside labelled ones they change nothing
            List<Example> mixed = new ArrayList<>(examples.subList(0, 8));
            AdapterState without = step(trainer, adapter, mixed).after().snapshot();
            mixed.add(3, plain);
            BatchOutcome with = step(trainer, adapter, mixed);
            assertThat(with.results()).hasSize(9);
            assertThat(with.after().snapshot().lineage()).isEqualTo(without.lineage());
            assertThat(with.loss())
                    .isCloseTo(
                            trainer.step(List.of(batch(adapter, examples.subList(0, 8))))
                                    .get(0)
                                    .loss(),
                            within(1e-6));
        }
    }

    @Test
    void aLabelCountsAsWrongWhenItIsFirstSeen() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            BatchOutcome outcome =
                    trainer.step(List.of(batch(trainer.create("a"), examples.subList(0, 4))))
                            .get(0);
            assertThat(outcome.results())
                    .allMatch(r -> r.predicted() == null && r.correct() != Boolean.TRUE);
            assertThat(outcome.after().snapshot().statistics().correct()).isZero();
            assertThat(outcome.after().snapshot().statistics().examples()).isEqualTo(4);
        }
    }

    @Test
    void aLossThatIsNotFiniteTeachesNothingAndRejectsTheExamples() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            AdapterState state = trainer.create("a").snapshot();
            state.row()[0] = Float.NaN;
            LiveAdapter broken = trainer.restore(state);
            BatchOutcome outcome = step(trainer, broken, examples.subList(0, 2));
            assertThat(outcome.after()).isSameAs(broken);
            assertThat(outcome.rejected()).hasSize(2);
            assertThat(outcome.rejected().get(0).reason()).contains("Loss (", "must be finite");
            assertThat(new String(outcome.rejected().get(0).payload()))
                    .contains(examples.get(0).text());
        }
    }

    @Test
    void anUnknownLabelOfAFixedSetIsRejected() {
        TrainerConfig fixed = config().withLabels(List.of("food", "weather"));
        try (OnlineTrainer trainer = OnlineTrainer.open(fixed)) {
            BatchOutcome outcome =
                    trainer.step(List.of(batch(trainer.create("a"), examples.subList(0, 12))))
                            .get(0);
            assertThat(outcome.rejected())
                    .isNotEmpty()
                    .allSatisfy(
                            r ->
                                    assertThat(r.reason())
                                            .isEqualTo(
                                                    "Label (sport) must be one of [food,"
                                                            + " weather]."));
            assertThat(outcome.results().size() + outcome.rejected().size()).isEqualTo(12);
        }
    }

    @Test
    void moreLabelsThanTheBoundAreRejected() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config().withMaxLabels(2))) {
            BatchOutcome outcome =
                    trainer.step(List.of(batch(trainer.create("a"), examples))).get(0);
            assertThat(outcome.after().snapshot().labels()).hasSize(2);
            assertThat(outcome.rejected().get(0).reason()).contains("head.max-labels (2)");
        }
    }

    @Test
    void longTextsAreTruncatedAndCounted() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config().withMaxTokens(8))) {
            Example longText = Example.labelled("a", "rain and wind ".repeat(50), "weather");
            BatchOutcome outcome =
                    trainer.step(List.of(batch(trainer.create("a"), List.of(longText)))).get(0);
            assertThat(outcome.truncated()).isEqualTo(1);
            assertThat(outcome.tokens()).isEqualTo(8);
        }
    }

    @Test
    void replayedExamplesTrainButAreNotCounted() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config())) {
            LiveAdapter adapter = trainer.create("a");
            var batch = new Batch(adapter, examples.subList(0, 4), examples.subList(4, 8));
            BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
            assertThat(outcome.results()).hasSize(4);
            assertThat(outcome.after().snapshot().lineage().examples()).isEqualTo(4);
            assertThat(outcome.after().snapshot().row())
                    .isEqualTo(
                            trainer.step(List.of(batch(adapter, examples.subList(0, 8))))
                                    .get(0)
                                    .after()
                                    .snapshot()
                                    .row());
        }
    }

    @Test
    void aStateOfAnotherBaseMethodOrNumericsIsRefused() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config().withDtype("fp32"));
                OnlineTrainer other =
                        OnlineTrainer.open(
                                TrainerConfig.of(
                                        TinyModels.bert().toString(),
                                        TinyModels.loraOnAllLinears(2, 8)));
                OnlineTrainer bf16 = OnlineTrainer.open(config().withDtype("bf16"))) {
            AdapterState state = trainer.create("a").snapshot();
            assertThatThrownBy(() -> other.restore(state))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Adapter a was trained with method")
                    .hasMessageContaining("must be");
            assertThatThrownBy(() -> bf16.restore(state)).hasMessageContaining("numerics");
            assertThatThrownBy(() -> trainer.restore(withBase(state, "0".repeat(64))))
                    .hasMessageContaining("base model (" + "0".repeat(64) + ")");
        }
    }

    private static AdapterState withBase(AdapterState s, String baseHash) {
        return new AdapterState(
                s.adapterId(),
                baseHash,
                s.method(),
                s.numerics(),
                s.step(),
                s.publishedStep(),
                s.labels(),
                s.labelCapacity(),
                s.lineage(),
                s.statistics(),
                s.publishedStatistics(),
                s.row(),
                s.firstMoment(),
                s.secondMoment());
    }

    @Test
    void aMeasuredDtypeGivesWayToTheRecordedOne() {
        for (String recorded : List.of("fp32", "bf16")) {
            try (OnlineTrainer before = OnlineTrainer.open(config().withDtype(recorded));
                    OnlineTrainer after = OnlineTrainer.open(config())) {
                AdapterState state =
                        learn(before, before.create("a"), examples.subList(0, 8), 8).snapshot();
                LiveAdapter restored = after.restore(state);
                assertThat(after.numerics().dtype()).isEqualTo(recorded);
                assertThat(learn(after, restored, examples, 8).snapshot())
                        .isEqualTo(learn(before, before.restore(state), examples, 8).snapshot());
            }
        }
    }

    @Test
    void bf16LearnsNearlyTheSameAsFp32() {
        try (OnlineTrainer fp32 = OnlineTrainer.open(config().withDtype("fp32"));
                OnlineTrainer bf16 = OnlineTrainer.open(config().withDtype("bf16"))) {
            LiveAdapter one = learn(fp32, fp32.create("a"), examples, 8);
            LiveAdapter other = learn(bf16, bf16.create("a"), examples, 8);
            assertThat(other.snapshot().statistics().meanLoss())
                    .isCloseTo(one.snapshot().statistics().meanLoss(), within(0.02));
            assertThat(other.snapshot()).isNotEqualTo(one.snapshot());
        }
    }

    @Test
    void aVersionPredictsWhatTheTrainerPredicts() {
        try (OnlineTrainer trainer = OnlineTrainer.open(config().withDtype("fp32"));
                ModelPredictor predictor =
                        ModelPredictor.open(TinyModels.bert().toString(), "cpu", "fp32", 128)) {
            LiveAdapter adapter = learn(trainer, trainer.create("a"), examples, 8);
            var version = trainer.version(adapter);
            assertThat(version.name()).isEqualTo("a@6");
            assertThat(version.parentStep()).isEqualTo(-1);
            assertThat(trainer.version(adapter)).isEqualTo(version);
            assertThat(trainer.version(adapter.published()).parentStep()).isEqualTo(6);
            try (ServingAdapter serving = predictor.load(version)) {
                var expected = step(trainer, adapter, examples).results();
                var requests =
                        examples.stream()
                                .map(e -> new Request<ServingAdapter>(serving, e.text(), null))
                                .toList();
                List<Label> predicted = Predicted.labels(predictor, requests);
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(predicted.get(i).label()).isEqualTo(expected.get(i).predicted());
                    assertThat(predicted.get(i).score())
                            .isCloseTo(expected.get(i).score(), within(1e-6));
                }
            }
        }
    }

    @Test
    void dropoutComesFromTheAdaptersOwnStep() {
        TrainerConfig dropping =
                TrainerConfig.of(
                                TinyModels.bert().toString(),
                                TinyModels.loraOnAllLinears(4, 8).withDropout(0.5))
                        .withOptimizer(FAST);
        try (OnlineTrainer trainer = OnlineTrainer.open(dropping);
                OnlineTrainer again = OnlineTrainer.open(dropping);
                OnlineTrainer plain = OnlineTrainer.open(config())) {
            AdapterState once = learn(trainer, trainer.create("a"), examples, 8).snapshot();
            assertThat(learn(again, again.create("a"), examples, 8).snapshot()).isEqualTo(once);
            assertThat(learn(plain, plain.create("a"), examples, 8).snapshot().row())
                    .isNotEqualTo(once.row());
            LiveAdapter a = trainer.restore(once);
            Batch own = batch(a, examples.subList(0, 3));
            Batch mate = batch(trainer.create("mate"), examples.subList(4, 9));
            assertThat(trainer.step(List.of(mate, own)).get(1).after().snapshot())
                    .isEqualTo(trainer.step(List.of(own)).get(0).after().snapshot());
        }
    }
}
