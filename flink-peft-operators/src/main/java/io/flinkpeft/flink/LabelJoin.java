package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.OrderStates;
import java.util.OptionalLong;
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

    /**
     * What became of an example at its turn.
     *
     * @param example what goes on; null if nothing does
     * @param isNew whether its id is kept, until {@code forgetAt}
     * @param forgetAt the event time at which the id is forgotten
     */
    record Joined(Example example, boolean isNew, long forgetAt) {}

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
        Long first = ids.get(example.id());
        if (first != null && example.timestampMillis() - first <= horizonMillis) {
            meters.duplicate.inc();
            rejected.reject(example, Cause.DUPLICATE, duplicate(example, first));
            return new Joined(null, false, 0);
        }
        ids.put(example.id(), example.timestampMillis());
        return new Joined(joined(example), true, forgetAt(example.timestampMillis()));
    }

    /** Behind the turn of the last example that could be a duplicate. */
    private long forgetAt(long time) {
        return time + horizonMillis + 1;
    }

    /**
     * Forgets an id when its timer says so. If it came again meanwhile, or ids are kept longer than
     * when the timer was made, the time at which it is to be forgotten; else nothing.
     */
    OptionalLong forget(String id, long timer) throws Exception {
        Long time = ids.get(id);
        if (time == null) {
            return OptionalLong.empty();
        }
        if (forgetAt(time) > timer) {
            return OptionalLong.of(forgetAt(time));
        }
        ids.remove(id);
        return OptionalLong.empty();
    }

    private Example joined(Example example) throws Exception {
        Example result = example;
        long last = example.timestampMillis() + waitMillis;
        for (Feedback feedback : waiting.take(example.id(), last)) {
            result = apply(feedback, result, example);
        }
        return result;
    }

    /** The example after feedback; null if the example itself was taken back. */
    private Example apply(Feedback feedback, Example before, Example example) {
        if (feedback.isRetraction() && before != null) {
            meters.retracted.inc();
            return before.label() != null && before.target() == null
                    ? before.withLabel(null)
                    : null;
        }
        if (!feedback.isRetraction() && before != null && before.label() == null) {
            meters.joined.inc();
            return before.withLabel(feedback.label());
        }
        reject(
                feedback,
                before == null
                        ? "must come before its example is taken back."
                        : "must be the only one. Maybe retract the first.");
        return before;
    }

    /** At feedback's own turn: its example has had its, if there was one. */
    void expire(Feedback feedback) throws Exception {
        if (!waiting.remove(feedback)) {
            return; // an example took it
        }
        Long time = ids.get(feedback.exampleId());
        reject(
                feedback,
                "must follow its text within train.label-wait ("
                        + waitMillis
                        + " ms)"
                        + (time == null
                                ? ", there is none."
                                : ", the text was at event time " + time + "."));
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
