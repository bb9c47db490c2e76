package io.flinkpeft.flink.state;

import io.flinkpeft.event.Example;
import java.util.List;

/**
 * An adapter's events that are not yet in its state: those whose step was running when the state
 * was written, those whose turn is decided, and those that wait for more. A restored operator takes
 * the same turns again.
 *
 * @param closed full batches and controls, oldest first
 * @param waiting the batch that still grows; empty if none does
 */
public record TrainingQueue(List<Turn> closed, List<Example> waiting) {

    /** Nothing waits. */
    public static final TrainingQueue EMPTY = new TrainingQueue(List.of(), List.of());

    public TrainingQueue {
        closed = List.copyOf(closed);
        waiting = List.copyOf(waiting);
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return closed.isEmpty() && waiting.isEmpty();
    }
}
