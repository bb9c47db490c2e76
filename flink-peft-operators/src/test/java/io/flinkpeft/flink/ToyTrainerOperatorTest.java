package io.flinkpeft.flink;

import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Trainer;
import java.util.List;

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
    List<String> methods() {
        return List.of("TOY-2", "TOY-3");
    }

    @Override
    int examples() {
        return 400;
    }
}
