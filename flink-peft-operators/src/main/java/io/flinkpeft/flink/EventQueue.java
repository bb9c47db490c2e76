package io.flinkpeft.flink;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.state.TrainingQueue;
import io.flinkpeft.flink.state.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one adapter's events into turns: its examples into batches, by count or by their own event
 * time, and at its controls. The cuts depend on nothing but the events and their order.
 */
final class EventQueue {

    private final Batching batching;
    private final ArrayDeque<Turn> closed;
    private List<Example> waiting;

    EventQueue(Batching batching, TrainingQueue restored) {
        this.batching = batching;
        this.closed = new ArrayDeque<>(restored.closed());
        this.waiting = new ArrayList<>(restored.waiting());
    }

    /** Adds an example or a control. */
    int add(TrainingEvent event) {
        return event instanceof Control control ? add(control) : add((Example) event);
    }

    /** Adds an example; returns how many events are in the turns that it closed. */
    int add(Example example) {
        int before = 0;
        if (!batching.interval().isZero() && !waiting.isEmpty()) {
            long first = waiting.get(0).timestampMillis();
            if (example.timestampMillis() >= first + batching.interval().toMillis()) {
                before = closeWaiting();
            }
        }
        waiting.add(example);
        return before + (waiting.size() >= batching.size() ? closeWaiting() : 0);
    }

    /** Adds a control, behind the batch that it closes; returns how many events are in both. */
    int add(Control control) {
        int before = closeWaiting();
        closed.add(Turn.control(control));
        return before + 1;
    }

    /** Closes the batch that still grows; returns how many examples it has. */
    int closeWaiting() {
        int count = waiting.size();
        if (count > 0) {
            closed.add(Turn.batch(waiting));
            waiting = new ArrayList<>();
        }
        return count;
    }

    int closedTurns() {
        return closed.size();
    }

    int closedEvents() {
        return closed.stream().mapToInt(Turn::size).sum();
    }

    /** The oldest closed turn, which stays here while it is taken. */
    Turn first() {
        return closed.getFirst();
    }

    /** The oldest closed turn is in the adapter now. */
    void removeFirst() {
        closed.removeFirst();
    }

    TrainingQueue snapshot() {
        return new TrainingQueue(List.copyOf(closed), waiting);
    }
}
