package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Batching;
import io.flinkpeft.flink.state.TrainingQueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one adapter's examples into batches: by count, or by their own event time. The cuts depend
 * on nothing but the examples and their order.
 */
final class ExampleQueue {

    private final Batching batching;
    private final ArrayDeque<List<Example>> closed;
    private List<Example> waiting;

    ExampleQueue(Batching batching, TrainingQueue restored) {
        this.batching = batching;
        this.closed = new ArrayDeque<>(restored.closed());
        this.waiting = new ArrayList<>(restored.waiting());
    }

    /** Adds an example; returns how many examples are in the batches that it closed. */
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

    /** Closes the batch that still grows; returns how many examples it has. */
    int closeWaiting() {
        int count = waiting.size();
        if (count > 0) {
            closed.add(waiting);
            waiting = new ArrayList<>();
        }
        return count;
    }

    int closedBatches() {
        return closed.size();
    }

    int closedExamples() {
        return closed.stream().mapToInt(List::size).sum();
    }

    /** The oldest closed batch, which stays here while its step runs. */
    List<Example> first() {
        return closed.getFirst();
    }

    /** The oldest closed batch is in the adapter now. */
    void removeFirst() {
        closed.removeFirst();
    }

    TrainingQueue snapshot() {
        return new TrainingQueue(List.copyOf(closed), waiting);
    }
}
