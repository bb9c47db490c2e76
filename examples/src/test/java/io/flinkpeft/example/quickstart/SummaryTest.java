package io.flinkpeft.example.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTest {

    private final Observations seen =
            new Observations(ObservationsTest.stream("a", "b", "c", "d", "e"));

    private void right(Learner learner, int... positions) {
        for (int position : positions) {
            String label = seen.stream().glosses().get(position).label();
            seen.predicted(new Prediction(learner, position, label, 0L), 10);
        }
    }

    @Test
    void saysThatLoraIsAheadOnlyIfItIsAfterEveryDriftPoint() {
        right(Learner.LORA, 1, 2, 3, 4);
        right(Learner.HEAD_ONLY, 0);

        assertThat(Summary.of(seen).behind()).isEmpty();
        assertThat(Summary.of(seen).verdict()).contains("after each of the 4 drift points");
    }

    @Test
    void saysWhereItIsNot() {
        right(Learner.LORA, 1, 2, 4);
        right(Learner.HEAD_ONLY, 2);

        assertThat(Summary.of(seen).behind()).containsExactly("Verbs", "Adjectives, adverbs");
        assertThat(Summary.of(seen).verdict()).endsWith("not in Verbs, Adjectives, adverbs.");
        assertThat(new SummaryText(Summary.of(seen)).toString())
                .contains("Verbs", "100.0 / 100.0", "LoRA, online");
    }
}
