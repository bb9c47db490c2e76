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
 * Cuts one adapter's events into turns: its examples into batches, by count, by bytes or by their
 * own event time, and at its controls. The cuts depend on nothing but the events and their order.
 */
final class EventQueue {

    private final Batching batching;
    private final ArrayDeque<Turn> closed;
    private List<Example> waiting;
    private int closedEvents;
    private long closedBytes;
    private long waitingBytes;

    EventQueue(Batching batching, TrainingQueue restored) {
        this.batching = batching;
        this.closed = new ArrayDeque<>(restored.closed());
        this.waiting = new ArrayList<>(restored.waiting());
        this.waitingBytes = Turn.bytes(waiting);
        closed.forEach(this::count);
    }

    /** Adds an example or a control. */
    void add(TrainingEvent event) {
        if (event instanceof Control control) {
            add(control);
        } else {
            add((Example) event);
        }
    }

    private void add(Example example) {
        if (!batching.interval().isZero() && !waiting.isEmpty()) {
            long first = waiting.get(0).timestampMillis();
            if (example.timestampMillis() >= first + batching.interval().toMillis()) {
                closeWaiting();
            }
        }
        waiting.add(example);
        waitingBytes += Turn.bytes(List.of(example));
        if (waiting.size() >= batching.size() || waitingBytes >= Batching.MAX_BATCH_BYTES) {
            closeWaiting();
        }
    }

    /** Adds a control, behind the batch that it closes. */
    private void add(Control control) {
        closeWaiting();
        close(new Turn.Order(control));
    }

    /** Closes the batch that still grows, if one does. */
    void closeWaiting() {
        if (!waiting.isEmpty()) {
            close(new Turn.Batch(waiting));
            waiting = new ArrayList<>();
            waitingBytes = 0;
        }
    }

    private void close(Turn turn) {
        closed.add(turn);
        count(turn);
    }

    private void count(Turn turn) {
        closedEvents += turn.size();
        closedBytes += turn.bytes();
    }

    int closedTurns() {
        return closed.size();
    }

    int closedEvents() {
        return closedEvents;
    }

    /** Bytes that the closed turns take. */
    long closedBytes() {
        return closedBytes;
    }

    /** Bytes that the batch takes that still grows. */
    long waitingBytes() {
        return waitingBytes;
    }

    /** The oldest closed turn, which stays here while it is taken. */
    Turn first() {
        return closed.getFirst();
    }

    /** The oldest closed turn is in the adapter now. */
    void removeFirst() {
        Turn turn = closed.removeFirst();
        closedEvents -= turn.size();
        closedBytes -= turn.bytes();
    }

    TrainingQueue snapshot() {
        return new TrainingQueue(List.copyOf(closed), waiting);
    }
}
