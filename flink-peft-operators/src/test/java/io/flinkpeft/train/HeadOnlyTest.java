package io.flinkpeft.train;

import static io.flinkpeft.train.Training.step;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Example;
import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Request;
import io.flinkpeft.testing.Predicted;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadOnlyTest {

    private static final TrainerConfig CONFIG = config(TinyModels.bert().toString());

    private final List<Example> examples = TinyModels.examples("a");

    private static TrainerConfig config(String model) {
        return TrainerConfig.of(model, new HeadOnly())
                .withOptimizer(new OptimizerConfig(1e-3, 0.1, 0, 0.9, 0.999, 1e-8, 1));
    }

    @Test
    void trainsTheHeadAndNothingElse() {
        try (OnlineTrainer trainer = OnlineTrainer.open(CONFIG)) {
            BatchOutcome first = step(trainer, trainer.create("a"), examples);
            BatchOutcome last = first;
            for (int i = 0; i < 60; i++) {
                last = step(trainer, last.after(), examples);
            }
            assertThat(last.loss()).isLessThan(0.8 * first.loss());
            // a head has room for eight labels at least
            assertThat(last.after().snapshot().row()).hasSize(8 * 32 + 8);
        }
    }

    @Test
    void aVersionPredictsAsTheTrainerDoes() {
        try (OnlineTrainer trainer = OnlineTrainer.open(CONFIG);
                ModelPredictor predictor =
                        ModelPredictor.open(TinyModels.bert().toString(), "cpu", "fp32", 128)) {
            LiveAdapter adapter = step(trainer, trainer.create("a"), examples).after();
            AdapterVersion version = trainer.version(adapter);

            assertThat(version.method()).isEqualTo("HEAD_ONLY");
            try (ServingAdapter serving = predictor.load(version)) {
                var requests =
                        examples.stream()
                                .map(e -> new Request<ServingAdapter>(serving, e.text(), null))
                                .toList();
                assertThat(Predicted.labels(predictor, requests))
                        .extracting(Label::label)
                        .containsExactlyElementsOf(
                                step(trainer, adapter, examples).results().stream()
                                        .map(r -> r.predicted())
                                        .toList());
            }
        }
    }

    /** Else its bytes would depend on what the process loaded before. */
    @Test
    void aVersionNamesTheModelAsItIsConfigured() {
        String name = TinyModels.bert().resolve("../tiny-bert-cls").toString();
        try (OnlineTrainer trainer = OnlineTrainer.open(CONFIG);
                OnlineTrainer other = OnlineTrainer.open(config(name))) {
            byte[] payload =
                    other.version(step(other, other.create("a"), examples).after()).payload();
            assertThat(new String(payload, UTF_8)).contains(name);
            payload =
                    trainer.version(step(trainer, trainer.create("a"), examples).after()).payload();
            assertThat(new String(payload, UTF_8)).doesNotContain(name);
        }
    }
}
