package io.flinkpeft.flink;

import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator on a TaskManager, where there is a mailbox. */
final class OrderOperatorFactory extends AbstractStreamOperatorFactory<TrainingEvent>
        implements OneInputStreamOperatorFactory<TrainingEvent, TrainingEvent> {

    private final EventOrder order;

    OrderOperatorFactory(EventOrder order) {
        this.order = order;
    }

    @Override
    @SuppressWarnings("unchecked") // the one kind of operator it makes
    public <T extends StreamOperator<TrainingEvent>> T createStreamOperator(
            StreamOperatorParameters<TrainingEvent> parameters) {
        return (T) new OrderOperator(parameters, order);
    }

    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return OrderOperator.class;
    }
}
