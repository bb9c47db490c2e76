package io.flinkpeft.flink.state;

import io.flinkpeft.event.Example;
import java.util.List;

/**
 * An adapter's examples that are not yet in its state: those whose step was running when the state
 * was written, those whose batch is full, and those that wait for more. A restored operator takes
 * the same batches again.
 *
 * @param closed the batches whose examples are decided, oldest first
 * @param waiting the batch that still grows; empty if none does
 */
public record TrainingQueue(List<List<Example>> closed, List<Example> waiting) {

    /** Nothing waits. */
    public static final TrainingQueue EMPTY = new TrainingQueue(List.of(), List.of());

    public TrainingQueue {
        closed = closed.stream().map(List::copyOf).toList();
        waiting = List.copyOf(waiting);
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return closed.isEmpty() && waiting.isEmpty();
    }
}
