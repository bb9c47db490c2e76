package io.flinkpeft.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.CausalLmTask;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CausalLmTextsTest {

    private static final String MODEL =
            Path.of("src/test/resources/golden/grid/gpt2/model").toString();

    @Test
    void aTextWithoutTokensHasNoLossAndTeachesNothing() {
        try (ModelPredictor predictor = ModelPredictor.open(MODEL, "cpu", "fp32", 64)) {
            double[] losses =
                    Predicted.losses(
                            predictor,
                            List.of(
                                    new Request<ServingAdapter>(null, "", null),
                                    new Request<ServingAdapter>(null, "a small town", null)));
            assertThat(losses[0]).isNaN();
            assertThat(losses[1]).isPositive();
        }
        TrainerConfig config =
                TrainerConfig.of(MODEL, new LoraConfig(2, 4)).withTask(new CausalLmTask());
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            LiveAdapter before = trainer.create("a");
            BatchOutcome alone = step(trainer, before, "");
            assertThat(alone.after().step()).isEqualTo(before.step());

            BatchOutcome beside = step(trainer, before, "", "a small town");
            assertThat(beside.loss()).isEqualTo(step(trainer, before, "a small town").loss());
            assertThat(beside.after().step()).isEqualTo(1);
        }
    }

    private static BatchOutcome step(OnlineTrainer trainer, LiveAdapter adapter, String... texts) {
        List<Example> examples = List.of(texts).stream().map(CausalLmTextsTest::example).toList();
        return Training.step(trainer, adapter, examples);
    }

    private static Example example(String text) {
        return new Example("a", text, null, null, null, 0, null, -1, -1);
    }
}
