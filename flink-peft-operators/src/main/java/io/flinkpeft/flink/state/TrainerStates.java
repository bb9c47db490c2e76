package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/** The trainer's keyed states. Their names are a promise: savepoints hold them. */
public final class TrainerStates {

    /** An adapter as of its last finished step. */
    public static final String ADAPTER = "adapter";

    /** What the adapter is told, and where it began; it stays when the adapter is dropped. */
    public static final String SETTINGS = "settings";

    /** The adapter's events that no finished turn has taken. */
    public static final String QUEUE = "queue";

    /** The adapter's examples to train on again. */
    public static final String REPLAY = "replay";

    /** The latest event time of the adapter's events; it goes when the adapter ends. */
    public static final String LAST_EVENT = "last-event";

    /** The timers that end idle adapters. */
    public static final String IDLE_TIMERS = "idle";

    private TrainerStates() {}

    /** The descriptor of {@link #ADAPTER}. */
    public static ValueStateDescriptor<AdapterState> adapter() {
        return new ValueStateDescriptor<>(ADAPTER, AdapterStateSerializer.INSTANCE);
    }

    /** The descriptor of {@link #SETTINGS}. */
    public static ValueStateDescriptor<AdapterSettings> settings() {
        return new ValueStateDescriptor<>(SETTINGS, AdapterSettingsSerializer.INSTANCE);
    }

    /** The descriptor of {@link #QUEUE}. */
    public static ValueStateDescriptor<TrainingQueue> queue() {
        return new ValueStateDescriptor<>(QUEUE, TrainingQueueSerializer.INSTANCE);
    }

    /** The descriptor of {@link #REPLAY}. */
    public static ValueStateDescriptor<ReplayReservoir> replay() {
        return new ValueStateDescriptor<>(REPLAY, ReplayReservoirSerializer.INSTANCE);
    }

    /** The descriptor of {@link #LAST_EVENT}. */
    public static ValueStateDescriptor<Long> lastEvent() {
        return new ValueStateDescriptor<>(LAST_EVENT, LongSerializer.INSTANCE);
    }
}
