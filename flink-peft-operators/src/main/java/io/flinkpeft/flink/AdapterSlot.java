package io.flinkpeft.flink;

import io.flinkpeft.flink.state.ReplayReservoir;
import java.util.ArrayDeque;

/** One adapter's share of the operator's memory; what is dirty is not yet in Flink's state. */
final class AdapterSlot {

    final String adapterId;
    final ExampleQueue queue;

    /** The numbers of its closed batches, oldest first. */
    final ArrayDeque<Long> batchNumbers = new ArrayDeque<>();

    Trainer.Adapter hot;
    ReplayReservoir replay;
    long publishedStep;
    boolean running;
    boolean adapterDirty;
    boolean queueDirty;
    boolean replayDirty;

    AdapterSlot(String adapterId, ExampleQueue queue) {
        this.adapterId = adapterId;
        this.queue = queue;
    }

    /** Whether a step has its batch or should have it soon. */
    boolean busy() {
        return running || queue.closedBatches() > 0;
    }
}
