package io.flinkpeft.flink;

import io.flinkpeft.event.Rejected.Cause;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * The metrics of order by event time, under {@code
 * <host>.taskmanager.<tm_id>.<job_name>.<operator_name>.<subtask_index>.peft}. Each counts one
 * subtask.
 */
public final class OrderMetrics {

    /** {@code peft.eventsLate}, counter, of the operator that takes late events out. */
    public static final String EVENTS_LATE = "eventsLate";

    /**
     * {@code peft.eventsBehind}, counter: events whose turn had passed when they came; 0 while no
     * partition is added or idle.
     */
    public static final String EVENTS_BEHIND = "eventsBehind";

    /** {@code peft.eventsWaiting}, gauge: events that wait for their turn in event time. */
    public static final String EVENTS_WAITING = "eventsWaiting";

    /** {@code peft.examplesDuplicate}, counter: examples whose id had come before. */
    public static final String EXAMPLES_DUPLICATE = "examplesDuplicate";

    /** {@code peft.labelsJoined}, counter: labels that came behind their text, in time. */
    public static final String LABELS_JOINED = "labelsJoined";

    /** {@code peft.labelsRetracted}, counter: labels or examples that were taken back in time. */
    public static final String LABELS_RETRACTED = "labelsRetracted";

    /** {@code peft.feedbackRejected}, counter: labels and retractions too late, or for nothing. */
    public static final String FEEDBACK_REJECTED = "feedbackRejected";

    private static final Set<Cause> CAUSES =
            EnumSet.of(Cause.BEHIND, Cause.DUPLICATE, Cause.FEEDBACK);

    final Counter behind;
    final Counter duplicate;
    final Counter joined;
    final Counter retracted;
    final Counter feedbackRejected;
    final RejectedRecords rejected;

    /** {@link #EVENTS_LATE}. */
    static Counter late(MetricGroup operator) {
        return operator.addGroup(TrainingMetrics.GROUP).counter(EVENTS_LATE);
    }

    OrderMetrics(MetricGroup operator, LongSupplier waiting) {
        MetricGroup group = operator.addGroup(TrainingMetrics.GROUP);
        group.gauge(EVENTS_WAITING, (Gauge<Long>) waiting::getAsLong);
        behind = group.counter(EVENTS_BEHIND);
        duplicate = group.counter(EXAMPLES_DUPLICATE);
        joined = group.counter(LABELS_JOINED);
        retracted = group.counter(LABELS_RETRACTED);
        feedbackRejected = group.counter(FEEDBACK_REJECTED);
        rejected = new RejectedRecords(operator, CAUSES);
    }
}
