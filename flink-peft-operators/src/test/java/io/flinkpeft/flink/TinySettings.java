package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.task.StreamTask;
import io.flinkpeft.train.OptimizerConfig;
import io.flinkpeft.train.TrainerConfig;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * LoRA on a tiny BERT, on the CPU: where an operator must really learn. What is about the operator
 * alone takes {@link ToySettings}, which cost nothing.
 */
final class TinySettings {

    static final TrainingSettings DEFAULT =
            TrainingSettings.of(
                    new TrainerConfig(
                            model(),
                            new LoraConfig(2, 4),
                            new StreamTask(),
                            List.of(),
                            16,
                            16,
                            OptimizerConfig.DEFAULT,
                            "cpu",
                            "fp32",
                            7));

    private TinySettings() {}

    private static String model() {
        try {
            var config = TinySettings.class.getResource("/golden/tiny-bert-cls/config.json");
            return Path.of(config.toURI()).getParent().toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
