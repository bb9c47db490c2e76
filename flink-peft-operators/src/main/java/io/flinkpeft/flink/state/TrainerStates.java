package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** The trainer's keyed states. Their names are a promise: savepoints hold them. */
public final class TrainerStates {

    /** An adapter as of its last finished step. */
    public static final String ADAPTER = "adapter";

    /** The adapter's examples that no finished step has taken. */
    public static final String QUEUE = "queue";

    /** The adapter's examples to train on again. */
    public static final String REPLAY = "replay";

    private TrainerStates() {}

    /** The descriptor of {@link #ADAPTER}. */
    public static ValueStateDescriptor<AdapterState> adapter() {
        return new ValueStateDescriptor<>(ADAPTER, AdapterStateSerializer.INSTANCE);
    }

    /** The descriptor of {@link #QUEUE}. */
    public static ValueStateDescriptor<TrainingQueue> queue() {
        return new ValueStateDescriptor<>(QUEUE, TrainingQueueSerializer.INSTANCE);
    }

    /** The descriptor of {@link #REPLAY}. */
    public static ValueStateDescriptor<ReplayReservoir> replay() {
        return new ValueStateDescriptor<>(REPLAY, ReplayReservoirSerializer.INSTANCE);
    }
}
