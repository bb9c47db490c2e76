package io.flinkpeft.flink;

import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.state.OrderStates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.runtime.state.internal.InternalMapState;

/**
 * Labels and retractions that wait for their example, of the current adapter. However many come for
 * one example, each is written once and read once.
 */
final class WaitingFeedback {

    private static final Comparator<Feedback> ORDER =
            Comparator.<Feedback, TrainingEvent>comparing(f -> f, TrainingEvent.BY_EVENT_TIME)
                    .thenComparing(Feedback::place); // only what came from no topic

    private final InternalMapState<String, String, String, List<TrainingEvent>> byId;
    private final MapState<String, List<TrainingEvent>> before; // of state of release 0.1

    WaitingFeedback(
            InternalMapState<String, String, String, List<TrainingEvent>> byId,
            KeyedStateStore store) {
        this.byId = byId;
        this.before = store.getMapState(OrderStates.feedback());
    }

    void add(Feedback feedback) throws Exception {
        byId.setCurrentNamespace(feedback.exampleId());
        var all = new ArrayList<>(same(feedback));
        all.add(feedback);
        byId.put(feedback.place(), all);
    }

    /** Removes and returns what came for an example up to an event time, in order. */
    List<Feedback> take(String id, long lastMillis) throws Exception {
        renew(id);
        byId.setCurrentNamespace(id);
        var taken = new ArrayList<Feedback>();
        for (var entries = byId.iterator(); entries.hasNext(); ) {
            List<TrainingEvent> same = entries.next().getValue();
            if (same.get(0).timestampMillis() <= lastMillis) {
                same.forEach(feedback -> taken.add((Feedback) feedback));
                entries.remove();
            }
        }
        if (byId.isEmpty()) {
            byId.clear(); // an empty map would stay on the heap
        }
        taken.sort(ORDER);
        return taken;
    }

    /** Removes one; whether it was there. */
    boolean remove(Feedback feedback) throws Exception {
        renew(feedback.exampleId());
        byId.setCurrentNamespace(feedback.exampleId());
        List<TrainingEvent> same = same(feedback);
        if (same.size() > 1) {
            byId.put(feedback.place(), new ArrayList<>(same.subList(1, same.size())));
        } else {
            byId.remove(feedback.place());
        }
        return !same.isEmpty();
    }

    /** What waits that came from the same place; of the namespace that is set. */
    private List<TrainingEvent> same(Feedback feedback) throws Exception {
        return Optional.ofNullable(byId.get(feedback.place())).orElse(List.of());
    }

    private void renew(String id) throws Exception {
        if (before.contains(id)) {
            for (TrainingEvent feedback : before.get(id)) {
                add((Feedback) feedback);
            }
            before.remove(id);
        }
    }
}
