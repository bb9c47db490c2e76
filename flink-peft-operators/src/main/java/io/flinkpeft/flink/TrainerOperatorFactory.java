package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.Trainer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator on a TaskManager, where there is a mailbox. */
final class TrainerOperatorFactory extends AbstractStreamOperatorFactory<AdapterVersion>
        implements OneInputStreamOperatorFactory<TrainingEvent, AdapterVersion> {

    private final TrainingSettings settings;
    private final Trainer.Factory trainer;

    TrainerOperatorFactory(TrainingSettings settings, Trainer.Factory trainer) {
        this.settings = settings;
        this.trainer = trainer;
    }

    TrainingSettings settings() {
        return settings;
    }

    @Override
    @SuppressWarnings("unchecked") // the one kind of operator it makes
    public <T extends StreamOperator<AdapterVersion>> T createStreamOperator(
            StreamOperatorParameters<AdapterVersion> parameters) {
        return (T) new TrainerOperator(parameters, settings, trainer);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return TrainerOperator.class;
    }
}
