package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.flink.StepResult.Change;
import io.flinkpeft.flink.state.Turn;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepResultTest {

    private static final Example LEARNT = Example.labelled("a", "learnt", "noun");

    private static PrequentialResult result(String right, double loss) {
        return new PrequentialResult("a", 0, "verb", 1, right, false, loss, 0, null, -1, -1);
    }

    private static StepResult of(
            Change change, List<Example> predicted, List<PrequentialResult> results) {
        var task =
                new StepTask(
                        "a",
                        AdapterSettings.DEFAULT,
                        null,
                        null,
                        Turn.NONE,
                        List.of(),
                        new PublishRule(1, 1, 0, 0));
        var outcome = new Trainer.Outcome(null, 1, predicted, results, List.of(), 0, 0);
        return new StepResult(task, AdapterSettings.DEFAULT, null, change, outcome, null);
    }

    @Test
    void anExampleIsLearntByItsPlaceAmongThosePredicted() {
        var answer = new Example("a", "who?", "she", "0", "she", 0, null, -1, -1);
        var only = Example.unlabelled("a", "predicted only");
        var result =
                of(
                        Change.LEARNT,
                        List.of(answer, only, LEARNT),
                        List.of(result("she", 1), result(null, Double.NaN), result("noun", 2)));
        assertThat(result.learntExamples()).containsExactly(answer, LEARNT);
    }

    @Test
    void nothingIsLearntWhereNothingChanged() {
        assertThat(of(Change.NONE, List.of(LEARNT), List.of(result("noun", 1))).learntExamples())
                .isEmpty();
    }
}
