package io.flinkpeft.flink;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.TrainingEvent;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;

/**
 * Ends adapters that had no event for a time: each gets {@link Control.Action#EXPIRE}, in order
 * with its events and in its queue like any control.
 *
 * <p>The adapter's own events decide, not the watermark: one that is so much later than those
 * before it finds the adapter ended. The timer only does sooner what the next event would do: no
 * event that is in time can come between. So the outcome is the same, whenever watermarks come.
 */
final class IdleAdapters implements Triggerable<String, VoidNamespace> {

    /** Waits until there is room for one more turn. */
    interface Room {
        void await() throws InterruptedException;
    }

    /** Adds a control to an adapter's queue. */
    interface Expiry {
        void expire(AdapterSlot slot, Control control) throws Exception;
    }

    private final Duration ttl;
    private final AdapterCache cache;
    private final Room room;
    private final Expiry expiry;
    private InternalTimerService<VoidNamespace> timers;

    IdleAdapters(Duration ttl, AdapterCache cache, Room room, Expiry expiry) {
        this.ttl = ttl;
        this.cache = cache;
        this.room = room;
        this.expiry = expiry;
    }

    /** Gives adapters timers that they do not have: where state is of a job without this. */
    void open(InternalTimerService<VoidNamespace> timers, KeyedStates states) throws Exception {
        this.timers = timers;
        if (on()) {
            for (String id : states.alive()) {
                long last = states.lastEvent(id);
                states.under(id, () -> register(end(last)));
            }
        }
    }

    private boolean on() {
        return !ttl.isZero();
    }

    private long end(long lastEvent) {
        long end = lastEvent + ttl.toMillis();
        return end < lastEvent ? Long.MAX_VALUE : end;
    }

    private void register(long time) {
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    }

    /** An adapter has an event, whose key is the current one; before it joins the queue. */
    void arrived(AdapterSlot slot, TrainingEvent event) throws Exception {
        long time = event.timestampMillis();
        if (on() && endsBy(slot, time)) {
            expire(slot);
        }
        if (on() && slot.lastEvent.get().isEmpty()) {
            register(end(time));
        }
        slot.lastEvent.set(Optional.of(Math.max(time, slot.lastEvent.get().orElse(time))));
    }

    private boolean endsBy(AdapterSlot slot, long time) {
        return slot.lastEvent.get().filter(last -> time >= end(last)).isPresent();
    }

    private void expire(AdapterSlot slot) throws Exception {
        long end = end(slot.lastEvent.get().orElseThrow());
        slot.lastEvent.set(Optional.empty());
        expiry.expire(
                slot, Control.of(slot.adapterId, Control.Action.EXPIRE).at(end, null, -1, -1));
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        room.await(); // first: slots may be evicted meanwhile
        var slot = cache.slot(timer.getKey());
        if (!on() || slot.lastEvent.get().isEmpty()) {
            return;
        }
        if (endsBy(slot, timer.getTimestamp())) {
            expire(slot);
        } else {
            register(end(slot.lastEvent.get().orElseThrow())); // it had events since
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("There are no timers of processing time.");
    }
}
