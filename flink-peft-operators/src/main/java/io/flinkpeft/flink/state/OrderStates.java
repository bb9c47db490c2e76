package io.flinkpeft.flink.state;

import io.flinkpeft.event.TrainingEvent;
import java.util.List;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/** The keyed states of order by event time. Their names are a promise: savepoints hold them. */
public final class OrderStates {

    /** By partition: the newest event time. */
    public static final String NEWEST = "newest";

    /** By adapter and, as the namespace, event time: events that wait for their turn. */
    public static final String WAITING = "waiting";

    /** By adapter: labels and retractions that wait for their example, by its id. */
    public static final String FEEDBACK = "feedback";

    /** By adapter: the event times of examples that had their turn, by id. */
    public static final String IDS = "ids";

    /** By adapter: the event time of the last turn. */
    public static final String RELEASED = "released";

    /** The timers of turns, and of ids to forget. */
    public static final String TIMERS = "turns";

    private OrderStates() {}

    /** The descriptor of {@link #NEWEST}. */
    public static ValueStateDescriptor<Long> newest() {
        return new ValueStateDescriptor<>(NEWEST, LongSerializer.INSTANCE);
    }

    /** The descriptor of {@link #WAITING}. */
    public static ListStateDescriptor<TrainingEvent> waiting() {
        return new ListStateDescriptor<>(WAITING, TrainingEventSerializer.INSTANCE);
    }

    /** The descriptor of {@link #FEEDBACK}. */
    public static MapStateDescriptor<String, List<TrainingEvent>> feedback() {
        return new MapStateDescriptor<>(
                FEEDBACK,
                StringSerializer.INSTANCE,
                new ListSerializer<>(TrainingEventSerializer.INSTANCE));
    }

    /** The descriptor of {@link #IDS}. */
    public static MapStateDescriptor<String, Long> ids() {
        return new MapStateDescriptor<>(IDS, StringSerializer.INSTANCE, LongSerializer.INSTANCE);
    }

    /** The descriptor of {@link #RELEASED}. */
    public static ValueStateDescriptor<Long> released() {
        return new ValueStateDescriptor<>(RELEASED, LongSerializer.INSTANCE);
    }
}
