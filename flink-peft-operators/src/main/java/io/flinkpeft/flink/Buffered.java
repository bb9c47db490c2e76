package io.flinkpeft.flink;

import io.flinkpeft.flink.config.Batching;

/**
 * What a subtask holds in closed turns without a finished step. Where it is full, no more is taken
 * from the input until a step is done, so Kafka keeps the rest. Written by the task, read by any
 * thread.
 */
final class Buffered {

    private final Batching limits;
    private volatile int events;
    private volatile long bytes;

    Buffered(Batching limits) {
        this.limits = limits;
    }

    /** Takes note of what an adapter's closed turns hold now. */
    void note(AdapterSlot slot) {
        EventQueue queue = slot.queue.get();
        events += queue.closedEvents() - slot.bufferedEvents;
        bytes += queue.closedBytes() - slot.bufferedBytes;
        slot.bufferedEvents = queue.closedEvents();
        slot.bufferedBytes = queue.closedBytes();
    }

    /** Never while it is empty, however large an event is. */
    boolean full() {
        return events >= limits.maxBuffered() || bytes >= limits.maxBufferedBytes();
    }

    int events() {
        return events;
    }

    long bytes() {
        return bytes;
    }
}
