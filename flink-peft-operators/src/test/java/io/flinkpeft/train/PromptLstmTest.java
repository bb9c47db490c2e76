package io.flinkpeft.train;

import static io.flinkpeft.train.Training.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.flinkpeft.event.Example;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import io.flinkpeft.testing.TinyModels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** libtorch has another LSTM where no gradients are wanted, and on some processors it is wrong. */
class PromptLstmTest {

    private final List<Example> examples = TinyModels.examples("a").subList(0, 8);

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 16, 20, 24, 40, 72, 100, 128})
    void anyWidthPredictsWithoutGradientsWhatItPredictsWithThem(int width) {
        var method = new PTuningConfig(5).withEncoder(PromptEncoder.LSTM, width);
        var config =
                TrainerConfig.of(TinyModels.bert().toString(), method)
                        .withDtype("fp32")
                        .withOptimizer(new OptimizerConfig(5e-2, 5e-2, 0, 0.9, 0.999, 1e-8, 1));
        var plain = examples.stream().map(e -> Example.unlabelled("a", e.text())).toList();
        try (var trainer = OnlineTrainer.open(config)) {
            var adapter = step(trainer, trainer.create("a"), examples).after();
            adapter = step(trainer, adapter, examples).after();
            var trained = step(trainer, adapter, examples).results();
            var predicted = step(trainer, adapter, plain).results();
            for (int i = 0; i < plain.size(); i++) {
                assertThat(predicted.get(i).predicted()).isEqualTo(trained.get(i).predicted());
                assertThat(predicted.get(i).score())
                        .isCloseTo(trained.get(i).score(), within(1e-6));
            }
        }
    }
}
