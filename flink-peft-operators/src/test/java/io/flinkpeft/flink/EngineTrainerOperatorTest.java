package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Trainer;
import java.util.List;

/** The operator with the engine and a tiny BERT: the same bytes, whatever happens. */
class EngineTrainerOperatorTest extends TrainerOperatorContract {

    @Override
    Trainer.Factory trainer() {
        return OnlineTraining.trainers(settings());
    }

    @Override
    TrainingSettings settings() {
        return TinySettings.DEFAULT;
    }

    @Override
    List<String> methods() {
        return List.of(
                "{\"peft_type\": \"LORA\", \"r\": 1, \"lora_alpha\": 2}",
                "{\"peft_type\": \"BITFIT\"}");
    }

    @Override
    int examples() {
        return 120;
    }
}
