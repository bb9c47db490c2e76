package io.flinkpeft.kafka;

import io.flinkpeft.flink.RejectedRecords;
import io.flinkpeft.flink.config.EventOrder;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Says what a reader's partitions do to the order of events: one that has no event holds back event
 * time, one that is added breaks the order of arrival. It only tells; nothing depends on it.
 */
final class PartitionWatch {

    private final EventOrder.Kind order;
    private final Consumer<String> warn;
    private final Counter added;
    private final Set<String> silent = new TreeSet<>();
    private Set<String> silentBefore = Set.of(); // at the last look
    private Set<String> told = Set.of();
    private boolean assigned;
    private boolean hasEvents;

    /**
     * A watch over one reader.
     *
     * @param hasEvents whether others may have events even while this reader has none
     */
    PartitionWatch(
            EventOrder.Kind order, boolean hasEvents, MetricGroup operator, Consumer<String> warn) {
        this.order = order;
        this.hasEvents = hasEvents;
        this.warn = warn;
        MetricGroup group = operator.addGroup(RejectedRecords.GROUP);
        added = group.counter(ExampleSource.PARTITIONS_ADDED);
        group.gauge(ExampleSource.PARTITIONS_SILENT, (Gauge<Integer>) this::silent);
    }

    /** The reader gets partitions: first those that are there, or were in its state. */
    synchronized void assigned(Collection<String> partitions) {
        if (assigned && !partitions.isEmpty()) {
            added.inc(partitions.size());
            if (order == EventOrder.Kind.ARRIVAL) {
                warn.accept(
                        "Partitions "
                                + partitions
                                + " were added. Adapters whose keys moved there learn from two"
                                + " partitions, in an order that may be another in another run."
                                + " Maybe set train.order to event-time.");
            }
        }
        assigned = true;
        silent.addAll(partitions);
    }

    /** A partition has an event. */
    synchronized void event(String partition) {
        hasEvents = true;
        silent.remove(partition);
    }

    private synchronized int silent() {
        return silent.size();
    }

    /** From time to time: warns of partitions that had no event since the last look, once. */
    synchronized void look() {
        var still = new TreeSet<>(silent);
        still.retainAll(silentBefore);
        silentBefore = new TreeSet<>(silent);
        if (order == EventOrder.Kind.EVENT_TIME && hasEvents && !told.containsAll(still)) {
            told = still;
            warn.accept(
                    "Partitions "
                            + still
                            + " had no event since this reader started, so event time stands still"
                            + " and all adapters wait. Maybe write heartbeats into them, or set"
                            + " examples.idle-after.");
        }
    }
}
