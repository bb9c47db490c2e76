package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.lora.LoraConfig;

/**
 * Settings for {@link ToyTrainer}, which reads none of them: where only the operator is tested, its
 * order, state and outputs. What must learn takes {@link TinySettings}.
 */
final class ToySettings {

    static final TrainingSettings DEFAULT = TrainingSettings.of("toy", new LoraConfig(8, 8));

    private ToySettings() {}
}
