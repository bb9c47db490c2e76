package io.flinkpeft.fuzz;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.EventOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What event time must make of a run: the watermark, who is late, whose turn is when. */
final class EventTimesOfRun {

    private static final int PARTITIONS = 2;

    private record Id(String adapterId, String id) {}

    private final EventOrder order;
    private final boolean sorts;
    private final Map<Integer, Long> newest = new HashMap<>();
    private final Set<Long> late = new HashSet<>();
    private final Set<Id> examples = new HashSet<>();
    private final Set<Id> retracted = new HashSet<>();

    EventTimesOfRun(EventOrder order) {
        this.order = order;
        sorts = order.kind() == EventOrder.Kind.EVENT_TIME;
    }

    void add(TrainingEvent event) {
        long time = event.timestampMillis();
        long before = newest.getOrDefault(event.partition(), Long.MIN_VALUE / 2);
        if (time < before - order.outOfOrderness().toMillis()) {
            late.add(event.offset());
        }
        newest.merge(event.partition(), time, Math::max);
        if (event instanceof Example example && example.id() != null) {
            examples.add(new Id(example.adapterId(), example.id()));
        }
        if (event instanceof Feedback feedback && feedback.isRetraction()) {
            retracted.add(new Id(feedback.adapterId(), feedback.exampleId()));
        }
    }

    /** As the source makes it; {@link Long#MIN_VALUE} until each partition has an event. */
    long watermark() {
        return newest.size() < PARTITIONS
                ? Long.MIN_VALUE
                : newest.values().stream().mapToLong(Long::longValue).min().orElseThrow()
                        - order.outOfOrderness().toMillis()
                        - 1;
    }

    /**
     * Whether an event may come to nothing that is seen: it changed another one, or was taken back.
     */
    boolean mayBeSilent(TrainingEvent event) {
        if (event instanceof Feedback feedback) {
            return sorts && examples.contains(new Id(feedback.adapterId(), feedback.exampleId()));
        }
        if (event instanceof Example example) {
            return sorts && retracted.contains(new Id(example.adapterId(), example.id()));
        }
        return event instanceof Control || event instanceof Heartbeat;
    }

    /** What is wrong with who was late, and with the turns of the others. */
    List<String> faults(List<Rejected> dead, List<PrequentialResult> predictions) {
        var faults = new ArrayList<String>();
        Set<Long> taken =
                dead.stream()
                        .filter(letter -> letter.cause() == Rejected.Cause.LATE)
                        .map(Rejected::offset)
                        .collect(Collectors.toSet());
        if (!taken.equals(sorts ? late : Set.of())) {
            faults.add("Records " + taken + " are late, must be " + late);
        }
        dead.stream()
                .filter(letter -> letter.cause() == Rejected.Cause.BEHIND)
                .forEach(letter -> faults.add("No partition is idle, but " + letter));
        var turns = new HashMap<String, Long>();
        for (var prediction : predictions) {
            Long before = turns.put(prediction.adapterId(), prediction.timestampMillis());
            if (sorts && before != null && prediction.timestampMillis() < before) {
                faults.add(prediction + " must come before its adapter's of " + before);
            }
        }
        return faults;
    }
}
