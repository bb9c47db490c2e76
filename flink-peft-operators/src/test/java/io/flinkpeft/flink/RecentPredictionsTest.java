package io.flinkpeft.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.QuestionAnsweringTask;
import io.flinkpeft.task.TokenClassificationTask;
import org.junit.jupiter.api.Test;

class RecentPredictionsTest {

    private static PrequentialResult result(String predicted, String label) {
        return new PrequentialResult("a", 1, predicted, 1, label, null, 0.5, 0, null, -1, -1);
    }

    @Test
    void measuresForgetWhatIsOlderThanTheWindow() {
        var recent = new RecentPredictions(new CheckpointTask()::evaluation);
        assertThat(recent.value("accuracy")).isNaN();
        for (int i = 0; i < RecentPredictions.WINDOW; i++) {
            recent.add(result("a", "b"));
        }
        recent.add(result("a", null));
        assertThat(recent.value("accuracy")).isZero();
        for (int i = 0; i < RecentPredictions.WINDOW / 4; i++) {
            recent.add(result("b", "b"));
        }
        assertThat(recent.value("accuracy")).isEqualTo(0.25);
        // of b precision 1 and recall 0.25, a is never right
        assertThat(recent.value("macro-f1")).isCloseTo((0.4 + 0) / 2, within(1e-12));
    }

    @Test
    void aTaskHasItsOwnMeasures() {
        var words = new RecentPredictions(new TokenClassificationTask()::evaluation);
        words.add(result("O O PLACE", "O O O"));
        assertThat(words.value("accuracy")).isEqualTo(2.0 / 3);
        assertThat(words.value("exact-match")).isNaN();
        var answers = new RecentPredictions(new QuestionAnsweringTask()::evaluation);
        answers.add(result("the north", "north"));
        assertThat(answers.value("exact-match")).isEqualTo(1);
        assertThat(answers.value("accuracy")).isNaN();
    }
}
