package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.flink.state.ReplayReservoir;
import io.flinkpeft.train.LiveAdapter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * One adapter's share of the operator's memory: five values that Flink's state has too, and what
 * only memory has. It belongs to the task's thread, and lives as long as {@link AdapterCache} keeps
 * it. Who sets what, and when:
 *
 * <ol>
 *   <li>{@link KeyedStates#slot} reads {@link #settings}, {@link #queue} and {@link #lastEvent}
 *       from state when the adapter is first needed. {@link #adapter} and {@link #replay} are
 *       empty: only the worker needs the one and only a batch the other.
 *   <li>An event comes: {@link IdleAdapters} sets {@link #lastEvent}, the operator adds the event
 *       to the {@link #queue}, which closes turns. The operator gives each closed turn a number in
 *       {@link #turnNumbers}, for watermarks.
 *   <li>Its turn comes: {@link StepPlanner} makes {@link Work} of the oldest closed turn, which
 *       stays in the queue, reads {@link #replay}, and sets {@link #running}.
 *   <li>The work is {@link Done}: {@link TrainerOperator} unsets {@link #running}, takes the turn
 *       out of the queue and its number, and sets {@link #settings}, {@link #adapter} and {@link
 *       #replay} to what is after it. So at any time state may be written, and tells either of the
 *       time before the turn or of the time after it.
 *   <li>There is no room: {@link AdapterCache} writes what changed, and frees the adapter unless it
 *       is {@link #running}, or the slot unless it is {@link #busy}.
 * </ol>
 */
final class AdapterSlot {

    final String adapterId;

    /** What the adapter is told. */
    final Tracked<AdapterSettings> settings;

    /** Its events that no finished turn has taken. */
    final Tracked<EventQueue> queue;

    /** The latest event time of its events; empty if there is none since it ended. */
    final Tracked<Optional<Long>> lastEvent;

    /** The adapter on the device; empty if it is only in state, or nowhere. */
    final Tracked<Optional<LiveAdapter>> adapter;

    /** The examples to train on again; empty if they are only in state. */
    final Tracked<Optional<ReplayReservoir>> replay;

    /** The numbers of its closed turns, oldest first. */
    final ArrayDeque<Long> turnNumbers = new ArrayDeque<>();

    /** Whether the worker has work for it. */
    boolean running;

    /** What it adds to the events of closed turns. */
    int bufferedEvents;

    /** What it adds to the bytes of closed turns. */
    long bufferedBytes;

    /** What it adds to the bytes of batches that still grow. */
    long openBytes;

    /** What it adds to the bytes of adapters that changed. */
    long changedBytes;

    AdapterSlot(
            String adapterId,
            Tracked<AdapterSettings> settings,
            Tracked<EventQueue> queue,
            Tracked<Optional<Long>> lastEvent,
            Tracked<Optional<LiveAdapter>> adapter,
            Tracked<Optional<ReplayReservoir>> replay) {
        this.adapterId = adapterId;
        this.settings = settings;
        this.queue = queue;
        this.lastEvent = lastEvent;
        this.adapter = adapter;
        this.replay = replay;
    }

    /** All that Flink's state has of it. */
    List<Tracked<?>> tracked() {
        return List.of(adapter, settings, queue, replay, lastEvent);
    }

    /** Whether the worker has its turn or should have it soon. */
    boolean busy() {
        return running || closedTurns() > 0;
    }

    /** How many turns wait, with the one that the worker has. */
    int closedTurns() {
        return queue.get().closedTurns();
    }
}
