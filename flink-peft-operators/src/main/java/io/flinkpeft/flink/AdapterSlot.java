package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.flink.state.ReplayReservoir;
import java.util.ArrayDeque;

/** One adapter's share of the operator's memory; what is dirty is not yet in Flink's state. */
final class AdapterSlot {

    final String adapterId;
    final EventQueue queue;
    AdapterSettings settings;

    /** The numbers of its closed turns, oldest first. */
    final ArrayDeque<Long> turnNumbers = new ArrayDeque<>();

    Trainer.Adapter hot;
    ReplayReservoir replay;
    long publishedStep;
    boolean running;
    boolean adapterDirty;
    boolean queueDirty;
    boolean replayDirty;
    boolean settingsDirty;

    AdapterSlot(String adapterId, AdapterSettings settings, EventQueue queue) {
        this.adapterId = adapterId;
        this.settings = settings;
        this.queue = queue;
    }

    /** Whether the worker has its turn or should have it soon. */
    boolean busy() {
        return running || queue.closedTurns() > 0;
    }
}
