package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Example;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which examples a step says that it was taken with. */
class LearntExamplesTest {

    private static final Example NOUN = Example.labelled("a", "a house", "noun");
    private static final Example UNLABELLED = Example.unlabelled("a", "to run");
    private static final Example VERB = Example.labelled("a", "to go", "verb");

    private static BatchOutcome outcome(AdapterSettings settings, List<Example> examples) {
        var config =
                TrainerConfig.of(TinyModels.bert().toString(), TinyModels.loraOnAllLinears(4, 8));
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                LiveAdapter adapter = trainer.create("a")) {
            var batch = new Batch(adapter, settings, examples, List.of(VERB));
            BatchOutcome outcome = trainer.step(List.of(batch)).get(0);
            outcome.after().close();
            return outcome;
        }
    }

    @Test
    void thoseWithALabelAreLearntAndReplayedOnesAreNotNamedAgain() {
        var outcome = outcome(AdapterSettings.DEFAULT, List.of(NOUN, UNLABELLED, VERB));
        assertThat(outcome.results()).hasSize(3);
        assertThat(outcome.learnt()).containsExactly(NOUN, VERB);
    }

    @Test
    void nothingIsLearntWhileAnAdapterIsPaused() {
        var outcome = outcome(AdapterSettings.DEFAULT.withPaused(true), List.of(NOUN, VERB));
        assertThat(outcome.results()).hasSize(2);
        assertThat(outcome.learnt()).isEmpty();
    }
}
