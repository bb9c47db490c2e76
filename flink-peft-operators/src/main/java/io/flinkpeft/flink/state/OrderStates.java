package io.flinkpeft.flink.state;

import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.TrainingEvent;
import java.util.List;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.ListSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/** The keyed states of order by event time. Their names are a promise: savepoints hold them. */
public final class OrderStates {

    /** By partition: the newest event time. */
    public static final String NEWEST = "newest";

    /** By adapter and, as the namespace, event time: events that wait for their turn. */
    public static final String WAITING = "waiting";

    /** What {@link #FEEDBACK_OF} was before: by adapter, in one list for each example's id. */
    public static final String FEEDBACK = "feedback";

    /**
     * By adapter and, as the namespace, an example's id: labels and retractions that wait for it.
     */
    public static final String FEEDBACK_OF = "feedback-of";

    /** By adapter: the event times of examples that had their turn, by id. */
    public static final String IDS = "ids";

    /** By adapter: the event time of the last turn. */
    public static final String RELEASED = "released";

    /** The timers of turns, and of ids to forget. */
    public static final String TIMERS = "turns";

    /** Of each subtask, for all: {@link #TIMERS_BY_EVENT} once timers hold no waits. */
    public static final String TIMERS_FORMAT = "turns-format";

    /** A timer's time is that of its event; before, {@code train.label-wait} was added to it. */
    public static final int TIMERS_BY_EVENT = 2;

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

    /** The descriptor of {@link #FEEDBACK_OF}: events by {@link Feedback#place}. */
    public static MapStateDescriptor<String, List<TrainingEvent>> feedbackOf() {
        return new MapStateDescriptor<>(
                FEEDBACK_OF,
                StringSerializer.INSTANCE,
                new ListSerializer<>(TrainingEventSerializer.INSTANCE));
    }

    /** The descriptor of {@link #TIMERS_FORMAT}. */
    public static ListStateDescriptor<Integer> timersFormat() {
        return new ListStateDescriptor<>(TIMERS_FORMAT, IntSerializer.INSTANCE);
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
