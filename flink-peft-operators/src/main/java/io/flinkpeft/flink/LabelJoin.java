package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import io.flinkpeft.flink.state.OrderStates;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;

/**
 * What ids are for: an example counts once, and takes the labels and retractions that follow it
 * within the wait. Events come to it in the order of their time.
 */
final class LabelJoin {

    /**
     * What became of an example at its turn.
     *
     * @param example what goes on; null if nothing does
     * @param isNew whether its id is kept, until {@code forgetAt}
     * @param forgetAt the time of the timer that forgets the id
     */
    record Joined(Example example, boolean isNew, long forgetAt) {}

    private final long waitMillis;
    private final long horizonMillis;
    private final MapState<String, List<TrainingEvent>> pending;
    private final MapState<String, Long> ids;
    private OrderMetrics meters;
    private BiConsumer<TrainingEvent, String> rejected;

    LabelJoin(EventOrder order, KeyedStateStore store) {
        this.waitMillis = order.labelWait().toMillis();
        this.horizonMillis = order.idHorizon().toMillis();
        this.pending = store.getMapState(OrderStates.feedback());
        this.ids = store.getMapState(OrderStates.ids());
    }

    void open(OrderMetrics meters, BiConsumer<TrainingEvent, String> rejected) {
        this.meters = meters;
        this.rejected = rejected;
    }

    /** Keeps feedback until the turn of its example, or else its own. */
    void add(Feedback feedback) throws Exception {
        keep(feedback.exampleId(), plus(of(feedback.exampleId()), feedback));
    }

    private static List<TrainingEvent> plus(List<TrainingEvent> events, TrainingEvent event) {
        var all = new ArrayList<>(events);
        all.add(event);
        return all;
    }

    /** At an example's turn: a duplicate, or what its feedback makes of it. */
    Joined take(Example example) throws Exception {
        Long first = ids.get(example.id());
        if (first != null && example.timestampMillis() - first <= horizonMillis) {
            meters.duplicate.inc();
            rejected.accept(example, duplicate(example, first));
            return new Joined(null, false, 0);
        }
        ids.put(example.id(), example.timestampMillis());
        return new Joined(joined(example), true, forgetAt(example.timestampMillis()));
    }

    /** Behind the turn of the last example that could be a duplicate. */
    private long forgetAt(long time) {
        return time + horizonMillis + waitMillis + 1;
    }

    /** Forgets an id when its timer says so, unless it came again. */
    void forget(String id, long timer) throws Exception {
        Long time = ids.get(id);
        if (time != null && forgetAt(time) <= timer) {
            ids.remove(id);
        }
    }

    private Example joined(Example example) throws Exception {
        var left = new ArrayList<TrainingEvent>();
        var mine = new ArrayList<TrainingEvent>();
        for (TrainingEvent feedback : of(example.id())) {
            boolean inTime = feedback.timestampMillis() - example.timestampMillis() <= waitMillis;
            (inTime ? mine : left).add(feedback);
        }
        keep(example.id(), left);
        mine.sort(TrainingEvent.BY_EVENT_TIME);
        Example result = example;
        for (TrainingEvent feedback : mine) {
            result = apply((Feedback) feedback, result, example);
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
        var left = new ArrayList<>(of(feedback.exampleId()));
        if (!left.remove(feedback)) {
            return; // an example took it
        }
        keep(feedback.exampleId(), left);
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
        rejected.accept(
                feedback,
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

    private List<TrainingEvent> of(String id) throws Exception {
        List<TrainingEvent> feedback = pending.get(id);
        return feedback == null ? List.of() : feedback;
    }

    private void keep(String id, List<TrainingEvent> feedback) throws Exception {
        if (feedback.isEmpty()) {
            pending.remove(id);
        } else {
            pending.put(id, feedback);
        }
    }
}
