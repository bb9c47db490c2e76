package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.task.CheckpointTask;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptEnsembleTest {

    private static Label says(String label, double score) {
        return new Label(label, score, List.of("a", "b"), new float[2]);
    }

    @Test
    void theMajorityWins() {
        var vote =
                PromptEnsemble.vote(
                        List.of(says("a", 0.99), says("b", 0.6), says("b", 0.6), says(null, 0)));
        assertThat(vote.label()).isEqualTo("b");
        assertThat(vote.votes()).isEqualTo(2);
    }

    @Test
    void ofEqualVotesTheMoreConfidentWins() {
        assertThat(PromptEnsemble.vote(List.of(says("a", 0.6), says("b", 0.7))).label())
                .isEqualTo("b");
        assertThat(PromptEnsemble.vote(List.of(says("a", 0.7), says("b", 0.7))).label())
                .isEqualTo("a");
    }

    @Test
    void promptsOfATaskVoteInOneBatch() {
        TrainerConfig config =
                TrainerConfig.of(TinyModels.bert().toString(), new PromptTuningConfig(3))
                        .withTask(new CheckpointTask());
        try (OnlineTrainer trainer = OnlineTrainer.open(config);
                ModelPredictor predictor =
                        ModelPredictor.open(TinyModels.bert().toString(), "cpu", "fp32", 64)) {
            List<ServingAdapter> members = new ArrayList<>();
            for (String id : List.of("one", "two", "three")) {
                members.add(predictor.load(trainer.version(trainer.create(id))));
            }
            List<String> texts = TinyModels.sentences();
            var votes =
                    new PromptEnsemble(members)
                            .classify(
                                    predictor,
                                    texts.stream()
                                            .map(
                                                    text ->
                                                            new Request<ServingAdapter>(
                                                                    null, text, null))
                                            .toList());
            assertThat(votes).hasSameSizeAs(texts);
            for (int i = 0; i < texts.size(); i++) {
                for (int m = 0; m < members.size(); m++) {
                    var request = new Request<ServingAdapter>(members.get(m), texts.get(i), null);
                    Label alone = Predicted.labels(predictor, List.of(request)).get(0);
                    Label together = votes.get(i).predictions().get(m);
                    // one row a text in the model's own head: its last bits may differ
                    assertThat(BertTwin.doubles(together.logits()))
                            .containsExactly(BertTwin.doubles(alone.logits()), within(1e-5));
                }
            }
        }
    }
}
