package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;

/** The operator with the engine and a tiny BERT: the same bytes, whatever happens. */
class EngineTrainerOperatorTest extends TrainerOperatorContract {

    @Override
    Trainer.Factory trainer() {
        return EngineTrainer.of(settings());
    }

    @Override
    TrainingSettings settings() {
        return TinySettings.DEFAULT;
    }

    @Override
    int examples() {
        return 120;
    }
}
