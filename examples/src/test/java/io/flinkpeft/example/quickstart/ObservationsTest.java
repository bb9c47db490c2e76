package io.flinkpeft.example.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.example.wordnet.Gloss;
import io.flinkpeft.example.wordnet.GlossStream;
import io.flinkpeft.example.wordnet.Phase;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObservationsTest {

    private final Observations seen = new Observations(stream("a", "a", "b", "a", "b"));

    static GlossStream stream(String... labels) {
        var glosses = List.of(labels).stream().map(label -> new Gloss("text", label)).toList();
        return new GlossStream(glosses, IntStream.range(0, Phase.ALL.size()).boxed().toList());
    }

    @Test
    void theMajorityClassIsThatOfTheRecordsBefore() {
        assertThat(seen.accuracy(Learner.MAJORITY, 0, 5)).isEqualTo(0.4, within(1e-9));
        assertThat(seen.accuracy(Learner.MAJORITY, 1, 2)).isEqualTo(1);
    }

    @Test
    void nothingIsDoneBeforeEverybodyHasPredictedIt() {
        seen.predicted(new Prediction(Learner.LORA, 0, "a", 0L), 10);
        seen.predicted(new Prediction(Learner.LORA, 1, "b", 0L), 10);
        seen.predicted(new Prediction(Learner.HEAD_ONLY, 0, null, 0L), 10);
        assertThat(seen.done()).isZero();

        seen.predicted(new Prediction(Learner.SQL, 0, null, null), 10);
        assertThat(seen.done()).isEqualTo(1);
        assertThat(seen.trained()).isEqualTo(2);
        assertThat(seen.accuracy(Learner.LORA, 0, 2)).isEqualTo(0.5);
        assertThat(seen.accuracy(Learner.SQL, 0, 1)).isZero();
    }

    @Test
    void aPredictionWithoutAVersionServedNothing() {
        seen.predicted(new Prediction(Learner.SQL, 0, null, null), 10);
        seen.predicted(new Prediction(Learner.SQL, 1, "a", 5L), 20);

        assertThat(seen.served()).containsExactly(new Observations.Served(1, 5, 20));
    }

    @Test
    void predictionsSurviveTheirTopic() {
        var prediction = new Prediction(Learner.SQL, 7, null, 5L);

        assertThat(Prediction.parse(prediction.toJson())).isEqualTo(prediction);
    }
}
