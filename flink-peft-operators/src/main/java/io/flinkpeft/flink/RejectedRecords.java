package io.flinkpeft.flink;

import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts dead letters by their cause. Each operator that gives any counts its own, so all of them
 * together count all.
 */
public final class RejectedRecords {

    /** The group of all metrics of Flink PEFT. */
    public static final String GROUP = "peft";

    /** Counter {@code peft.cause.<cause>.recordsRejected}: dead letters of an operator. */
    public static final String RECORDS_REJECTED = "recordsRejected";

    /** The group whose value is a {@link Rejected.Cause} in lower case. */
    public static final String CAUSE = "cause";

    private final MetricGroup group;
    private final Map<Cause, Counter> counters = new EnumMap<>(Cause.class);

    /**
     * Counters in the group {@link #GROUP} of an operator.
     *
     * @param causes those that are shown from the start, at 0
     */
    public RejectedRecords(MetricGroup operator, Set<Cause> causes) {
        group = operator.addGroup(GROUP);
        causes.forEach(this::counter);
    }

    /** Counts one. */
    public void count(Rejected rejected) {
        counter(rejected.cause()).inc();
    }

    private Counter counter(Cause cause) {
        return counters.computeIfAbsent(
                cause,
                c ->
                        group.addGroup(CAUSE, c.name().toLowerCase(Locale.ROOT))
                                .counter(RECORDS_REJECTED));
    }
}
