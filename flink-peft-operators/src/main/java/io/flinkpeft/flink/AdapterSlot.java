package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.flink.state.ReplayReservoir;
import io.flinkpeft.train.LiveAdapter;
import java.util.ArrayDeque;

/** One adapter's share of the operator's memory; what is dirty is not yet in Flink's state. */
final class AdapterSlot {

    final String adapterId;
    final EventQueue queue;
    AdapterSettings settings;

    /** The numbers of its closed turns, oldest first. */
    final ArrayDeque<Long> turnNumbers = new ArrayDeque<>();

    LiveAdapter hot;
    ReplayReservoir replay;
    long publishedStep;
    boolean running;
    boolean adapterDirty;
    boolean queueDirty;
    boolean replayDirty;
    boolean settingsDirty;

    /** The latest event time of its events; null if there is none since it ended. */
    Long lastEvent;

    boolean lastEventDirty;

    /** What it adds to the events of closed turns. */
    int bufferedEvents;

    /** What it adds to the bytes of closed turns. */
    long bufferedBytes;

    /** What it adds to the bytes of batches that still grow. */
    long openBytes;

    /** What it adds to the bytes of adapters that changed. */
    long changedBytes;

    AdapterSlot(String adapterId, AdapterSettings settings, EventQueue queue) {
        this.adapterId = adapterId;
        this.settings = settings;
        this.queue = queue;
    }

    /** Whether something is not yet in Flink's state. */
    boolean dirty() {
        return adapterDirty || queueDirty || replayDirty || settingsDirty || lastEventDirty;
    }

    /** Whether the worker has its turn or should have it soon. */
    boolean busy() {
        return running || queue.closedTurns() > 0;
    }
}
