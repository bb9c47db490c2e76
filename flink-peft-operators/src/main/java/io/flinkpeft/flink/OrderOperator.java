package io.flinkpeft.flink;

import static io.flinkpeft.flink.state.OrderStates.WAITING;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.OrderStates;
import io.flinkpeft.train.EventJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.internal.InternalListState;
import org.apache.flink.runtime.state.internal.InternalMapState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Hands the events of an adapter on in the order of {@link TrainingEvent#BY_EVENT_TIME}.
 *
 * <p>An event waits in keyed state until the watermark has passed its time and the wait for labels.
 * Then all that could come before it, and all feedback that could change it, is there; so what goes
 * on depends on the events and not on how partitions, subtasks or checkpoints mixed them.
 *
 * <p>The clock of its timers runs behind the watermark by the wait for labels, so a timer holds
 * nothing but its event's time, and a job may be restored with another wait.
 *
 * <p>A watermark may give many events their turn. They go on in pieces, with mails between them, so
 * that a checkpoint need not wait for the steps that they cause.
 */
final class OrderOperator extends AbstractStreamOperator<TrainingEvent>
        implements OneInputStreamOperator<TrainingEvent, TrainingEvent>,
                Triggerable<String, String>,
                BoundedOneInput {

    /** Events that go on in one piece, or more if they have the same time. */
    private static final int PIECE = 32;

    /** The namespace of timers of turns; those of ids have the id, which is not empty. */
    private static final String TURN = "";

    private final EventOrder order;
    private final MailboxExecutor mailbox;

    private transient InternalListState<String, Long, TrainingEvent> waiting;
    private transient ValueState<Long> released;
    private transient LabelJoin labels;
    private transient boolean timersHoldWaits; // in a state of release 0.1
    private transient InternalTimerService<String> timers;
    private transient OrderMetrics meters;
    private transient Watermark watermark;
    private transient boolean unfinished; // the watermark's turns are not all done
    private transient int piece;
    private transient volatile long waitingEvents;

    OrderOperator(StreamOperatorParameters<TrainingEvent> parameters, EventOrder order) {
        super(parameters);
        this.order = order;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    @SuppressWarnings("unchecked") // the states of these namespaces
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        waiting =
                (InternalListState<String, Long, TrainingEvent>)
                        getOrCreateKeyedState(LongSerializer.INSTANCE, OrderStates.waiting());
        released = context.getKeyedStateStore().getState(OrderStates.released());
        var feedback =
                (InternalMapState<String, String, String, List<TrainingEvent>>)
                        getOrCreateKeyedState(StringSerializer.INSTANCE, OrderStates.feedbackOf());
        var store = context.getKeyedStateStore();
        labels = new LabelJoin(order, store, new WaitingFeedback(feedback, store));
        var format = context.getOperatorStateStore().getUnionListState(OrderStates.timersFormat());
        timersHoldWaits = context.isRestored() && !format.get().iterator().hasNext();
        format.update(List.of(OrderStates.TIMERS_BY_EVENT));
    }

    @Override
    public void open() throws Exception {
        super.open();
        timers = getInternalTimerService(OrderStates.TIMERS, StringSerializer.INSTANCE, this);
        meters = new OrderMetrics(getMetricGroup(), this::waitingEvents);
        labels.open(meters, this::reject);
        try (var all = this.<String>getKeyedStateBackend().<Long>getKeysAndNamespaces(WAITING)) {
            for (var places = all.iterator(); places.hasNext(); ) {
                restored(places.next());
            }
        }
    }

    private void restored(Tuple2<String, Long> place) throws Exception {
        getKeyedStateBackend().setCurrentKey(place.f0);
        waitingEvents += waitingAt(place.f1).size();
        if (timersHoldWaits) { // timers of release 0.1 come too late, and will find nothing
            timers.registerEventTimeTimer(TURN, place.f1);
        }
    }

    private List<TrainingEvent> waitingAt(long time) throws Exception {
        waiting.setCurrentNamespace(time);
        var events = new ArrayList<TrainingEvent>();
        Optional.ofNullable(waiting.get()).ifPresent(there -> there.forEach(events::add));
        return events;
    }

    @Override
    public void processElement(StreamRecord<TrainingEvent> record) throws Exception {
        TrainingEvent event = record.getValue();
        long time = event.timestampMillis();
        var last = Optional.ofNullable(released.value()).filter(before -> time <= before);
        if (last.isPresent()) {
            meters.behind.inc();
            reject(event, Cause.BEHIND, behind(event, last.get()));
            return;
        }
        waiting.setCurrentNamespace(time);
        waiting.add(event);
        waitingEvents++;
        timers.registerEventTimeTimer(TURN, time);
        if (event instanceof Feedback feedback) {
            labels.add(feedback);
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, String> timer) throws Exception {
        if (timer.getNamespace().equals(TURN)) {
            turn(timer.getTimestamp());
        } else {
            String id = timer.getNamespace();
            labels.forget(id, timer.getTimestamp())
                    .ifPresent(time -> timers.registerEventTimeTimer(id, time));
        }
    }

    /** All events of the current key and this time. */
    private void turn(long time) throws Exception {
        var events = waitingAt(time);
        if (events.isEmpty()) {
            return; // a timer of release 0.1
        }
        waiting.clear();
        waitingEvents -= events.size();
        released.update(time);
        events.sort(TrainingEvent.BY_EVENT_TIME);
        piece += events.size();
        for (TrainingEvent event : events) {
            if (event instanceof Feedback feedback) {
                labels.expire(feedback);
            } else if (event instanceof Example example && example.id() != null) {
                named(example);
            } else {
                send(event);
            }
        }
    }

    private void named(Example example) throws Exception {
        if (labels.take(example) instanceof LabelJoin.Joined.First first) {
            timers.registerEventTimeTimer(example.id(), first.forgetAt());
            first.example().ifPresent(this::send);
        }
    }

    private void send(TrainingEvent event) {
        output.collect(new StreamRecord<>(event, event.timestampMillis()));
    }

    private void reject(TrainingEvent event, Cause cause, String reason) {
        var rejected = EventJson.rejected(event, cause, reason);
        meters.rejected.count(rejected);
        output.collect(
                TrainingOutputs.REJECTED, new StreamRecord<>(rejected, event.timestampMillis()));
    }

    private static String behind(TrainingEvent event, long last) {
        return "Event time ("
                + event.timestampMillis()
                + ") must be after "
                + last
                + ", to where adapter "
                + event.adapterId()
                + " has come. Maybe its partition was added or idle.";
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        watermark = mark;
        if (!unfinished) {
            advance();
        }
    }

    /** Gives the next events their turn; the watermark follows the last of them. */
    private void advance() throws Exception {
        unfinished = !turns();
        if (unfinished) {
            mailbox.execute(this::resume, "order by event time");
        } else {
            output.emitWatermark(lessTheWait(watermark));
        }
    }

    private void resume() throws Exception {
        if (unfinished) { // else it was done at once
            advance();
        }
    }

    private boolean turns() throws Exception {
        piece = 0;
        return getTimeServiceManager()
                .orElseThrow()
                .tryAdvanceWatermark(lessTheWait(watermark), () -> piece >= PIECE);
    }

    private void finishTurns() throws Exception {
        if (unfinished) {
            while (!turns()) {
                // the next piece
            }
            unfinished = false;
            output.emitWatermark(lessTheWait(watermark));
        }
    }

    /** What waits for labels is not yet late. */
    private Watermark lessTheWait(Watermark mark) {
        long wait = order.labelWait().toMillis();
        return mark.getTimestamp() == Long.MAX_VALUE
                ? mark
                : new Watermark(Math.max(mark.getTimestamp(), Long.MIN_VALUE + wait) - wait);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        finishTurns();
        super.processWatermarkStatus(status);
    }

    @Override
    public void endInput() throws Exception {
        finishTurns();
    }

    /** How many events wait for their turn; for any thread. */
    long waitingEvents() {
        return waitingEvents;
    }

    @Override
    public void onProcessingTime(InternalTimer<String, String> timer) {
        throw new IllegalStateException("No decision is made by a clock.");
    }

    @Override
    public void close() throws Exception {
        unfinished = false;
        super.close();
    }
}
