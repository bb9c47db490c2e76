package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.train.TaskContractTest.Case;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An adapter whose outputs are no numbers, as state of before may hold one, predicts nothing. */
class NotFinitePredictionsTest {

    static Stream<Arguments> spoiled() {
        return TaskContractTest.allCases()
                .filter(task -> !task.config().task().predictsTokens())
                .flatMap(
                        task ->
                                Stream.of(Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE)
                                        .map(value -> Arguments.of(task, value)));
    }

    @ParameterizedTest
    @MethodSource("spoiled")
    void nothingIsPredicted(Case task, float value) {
        List<Example> examples = task.examples();
        try (OnlineTrainer trainer = OnlineTrainer.open(task.config())) {
            AdapterState learnt =
                    outcome(trainer, trainer.create("a"), AdapterSettings.DEFAULT, examples)
                            .after()
                            .snapshot();
            float[] row = learnt.row().clone();
            Arrays.fill(row, value);
            LiveAdapter bad = trainer.restore(with(row, learnt));
            var unlabelled = examples.stream().map(NotFinitePredictionsTest::unlabelled).toList();
            assertNothing(outcome(trainer, bad, AdapterSettings.DEFAULT, unlabelled));
            var paused = AdapterSettings.DEFAULT.withPaused(true);
            assertNothing(outcome(trainer, bad, paused, examples));
        }
    }

    private static void assertNothing(BatchOutcome outcome) {
        assertThat(outcome.results()).isNotEmpty();
        assertThat(outcome.results())
                .allSatisfy(
                        result -> {
                            assertThat(result.predicted()).isNull();
                            assertThat(result.score()).isZero();
                            assertThat(result.loss()).isNotFinite();
                        });
    }

    private static BatchOutcome outcome(
            OnlineTrainer trainer,
            LiveAdapter adapter,
            AdapterSettings settings,
            List<Example> examples) {
        return trainer.step(List.of(new Batch(adapter, settings, examples, List.of()))).get(0);
    }

    private static Example unlabelled(Example example) {
        return new Example("a", example.text(), example.textPair(), null, null, 0, null, -1, -1);
    }

    private static AdapterState with(float[] row, AdapterState state) {
        return new AdapterState(
                state.adapterId(),
                state.baseHash(),
                state.method(),
                state.numerics(),
                state.step(),
                state.publishedStep(),
                state.labels(),
                state.labelCapacity(),
                state.lineage(),
                state.statistics(),
                state.publishedStatistics(),
                row,
                state.firstMoment(),
                state.secondMoment());
    }
}
