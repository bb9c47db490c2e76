package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.method.lora.LoraConfig;

/** Settings for a trainer that reads none of them. */
final class ToySettings {

    static final TrainingSettings DEFAULT = TrainingSettings.of("toy", new LoraConfig(8, 8));

    private ToySettings() {}
}
