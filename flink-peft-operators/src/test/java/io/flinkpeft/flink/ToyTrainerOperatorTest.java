package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;

/** The operator's own logic, with a trainer that costs nothing. */
class ToyTrainerOperatorTest extends TrainerOperatorContract {

    @Override
    Trainer.Factory trainer() {
        return ToyTrainer::new;
    }

    @Override
    TrainingSettings settings() {
        return ToySettings.DEFAULT;
    }

    @Override
    int examples() {
        return 400;
    }
}
