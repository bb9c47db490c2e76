package io.flinkpeft.flink;

import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.OrderStates;
import io.flinkpeft.train.EventJson;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Takes late events out of a partition: those that are older than its newest by more than the
 * bound. The newest event time is in state, so the decision follows from the partition's records
 * alone, whatever the watermarks of other partitions, restarts and clocks do.
 *
 * <p>The watermark of a partition is its newest event time less the bound, so it never passes an
 * event that is not late.
 */
final class LateEvents extends KeyedProcessFunction<String, TrainingEvent, TrainingEvent> {

    private final Duration bound;

    private transient ValueState<Long> newest;
    private transient Counter late;
    private transient RejectedRecords rejected;

    LateEvents(EventOrder order) {
        this.bound = order.outOfOrderness();
    }

    /** The key: an event's partition. */
    static String partition(TrainingEvent event) {
        return event.topic() == null ? "" : event.topic() + "-" + event.partition();
    }

    @Override
    public void open(OpenContext context) {
        newest = getRuntimeContext().getState(OrderStates.newest());
        MetricGroup group = getRuntimeContext().getMetricGroup();
        late = OrderMetrics.late(group);
        rejected = new RejectedRecords(group, Set.of(Cause.LATE));
    }

    @Override
    public void processElement(
            TrainingEvent event, Context context, Collector<TrainingEvent> collector)
            throws Exception {
        long before = Optional.ofNullable(newest.value()).orElse(Long.MIN_VALUE);
        long time = event.timestampMillis();
        if (before > Long.MIN_VALUE && time < before - bound.toMillis()) {
            late.inc();
            var letter = EventJson.rejected(event, Cause.LATE, reason(event, before));
            rejected.count(letter);
            context.output(TrainingOutputs.REJECTED, letter);
            return;
        }
        if (event.topic() != null && time > before) {
            newest.update(time); // what came from no partition has no neighbours
        }
        if (!(event instanceof Heartbeat)) {
            collector.collect(event);
        }
    }

    private String reason(TrainingEvent event, long before) {
        return "Event time ("
                + event.timestampMillis()
                + ") must be at most train.out-of-orderness ("
                + bound.toMillis()
                + " ms) behind the newest of "
                + partition(event)
                + " ("
                + before
                + ").";
    }
}
