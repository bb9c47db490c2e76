package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.OrderStates;
import java.util.Optional;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;

/**
 * What ids are for: an example counts once, and takes the labels and retractions that follow it
 * within the wait. Events come to it in the order of their time.
 */
final class LabelJoin {

    /** Takes what cannot be used. */
    interface Rejections {
        void reject(TrainingEvent event, Cause cause, String reason);
    }

    /** What became of an example at its turn. */
    sealed interface Joined {

        /** It comes too often, and is a dead letter. */
        record Duplicate() implements Joined {}

        /**
         * Its id is kept for a time.
         *
         * @param example what goes on; empty if it was taken back
         * @param forgetAt the event time at which the id is forgotten
         */
        record First(Optional<Example> example, long forgetAt) implements Joined {}
    }

    private final long waitMillis;
    private final long horizonMillis;
    private final WaitingFeedback waiting;
    private final MapState<String, Long> ids;
    private OrderMetrics meters;
    private Rejections rejected;

    LabelJoin(EventOrder order, KeyedStateStore store, WaitingFeedback waiting) {
        this.waitMillis = order.labelWait().toMillis();
        this.horizonMillis = order.idHorizon().toMillis();
        this.waiting = waiting;
        this.ids = store.getMapState(OrderStates.ids());
    }

    void open(OrderMetrics meters, Rejections rejected) {
        this.meters = meters;
        this.rejected = rejected;
    }

    /** Keeps feedback until the turn of its example, or else its own. */
    void add(Feedback feedback) throws Exception {
        waiting.add(feedback);
    }

    /** At an example's turn: a duplicate, or what its feedback makes of it. */
    Joined take(Example example) throws Exception {
        long time = example.timestampMillis();
        var first = time(example.id()).filter(before -> time - before <= horizonMillis);
        if (first.isPresent()) {
            meters.duplicate.inc();
            rejected.reject(example, Cause.DUPLICATE, duplicate(example, first.get()));
            return new Joined.Duplicate();
        }
        ids.put(example.id(), time);
        return new Joined.First(joined(example), forgetAt(time));
    }

    /** The event time of the last example with an id that is kept. */
    private Optional<Long> time(String id) throws Exception {
        return Optional.ofNullable(ids.get(id));
    }

    /** Behind the turn of the last example that could be a duplicate. */
    private long forgetAt(long time) {
        return time + horizonMillis + 1;
    }

    /**
     * Forgets an id when its timer says so. If it came again meanwhile, or ids are kept longer than
     * when the timer was made, the time at which it is to be forgotten; else nothing.
     */
    Optional<Long> forget(String id, long timer) throws Exception {
        Optional<Long> later = time(id).map(this::forgetAt).filter(end -> end > timer);
        if (later.isEmpty()) {
            ids.remove(id);
        }
        return later;
    }

    private Optional<Example> joined(Example example) throws Exception {
        Optional<Example> result = Optional.of(example);
        long last = example.timestampMillis() + waitMillis;
        for (Feedback feedback : waiting.take(example.id(), last)) {
            result = apply(feedback, result);
        }
        return result;
    }

    /** The example after feedback; empty if the example itself was taken back. */
    private Optional<Example> apply(Feedback feedback, Optional<Example> before) {
        if (before.isEmpty()) {
            reject(feedback, "must come before its example is taken back.");
            return before;
        }
        Example example = before.get();
        if (feedback.isRetraction()) {
            meters.retracted.inc();
            boolean goesOn = example.label() != null && example.target() == null;
            return goesOn ? Optional.of(example.withLabel(null)) : Optional.empty();
        }
        if (example.label() != null) {
            reject(feedback, "must be the only one. Maybe retract the first.");
            return before;
        }
        meters.joined.inc();
        return Optional.of(example.withLabel(feedback.label()));
    }

    /** At feedback's own turn: its example has had its, if there was one. */
    void expire(Feedback feedback) throws Exception {
        if (!waiting.remove(feedback)) {
            return; // an example took it
        }
        reject(
                feedback,
                "must follow its text within train.label-wait ("
                        + waitMillis
                        + " ms)"
                        + time(feedback.exampleId())
                                .map(time -> ", the text was at event time " + time + ".")
                                .orElse(", there is none."));
    }

    private void reject(Feedback feedback, String rule) {
        meters.feedbackRejected.inc();
        rejected.reject(
                feedback,
                Cause.FEEDBACK,
                feedback.description()
                        + " at event time "
                        + feedback.timestampMillis()
                        + " "
                        + rule);
    }

    private String duplicate(Example example, long first) {
        return "Example id ("
                + example.id()
                + ") must not come again within train.id-horizon ("
                + horizonMillis
                + " ms), it came at event time "
                + first
                + ".";
    }
}
