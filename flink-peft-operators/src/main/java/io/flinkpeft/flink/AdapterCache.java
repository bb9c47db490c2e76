package io.flinkpeft.flink;

import io.flinkpeft.flink.config.DeviceCache;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.LiveAdapter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The adapters that are in memory. Those that are too many are written to Flink's state and freed,
 * the one used longest ago first, but never one whose step is running. Those that changed are
 * written back early, so that a checkpoint has little left to write.
 *
 * <p>Batches that still grow are not freed by steps: where they are too many bytes, those of
 * adapters used longest ago wait in Flink's state.
 *
 * <p>No example and no step looks at all adapters: one that is at work when its turn to go comes
 * leaves the order of use, and comes back to it when its work is done.
 */
final class AdapterCache {

    private final Map<String, AdapterSlot> slots = new HashMap<>();
    private final LeastRecentlyUsed used = new LeastRecentlyUsed();
    private final LeastRecentlyUsed usedOnDevice = new LeastRecentlyUsed();
    private final LeastRecentlyUsed changed = new LeastRecentlyUsed();
    private final LeastRecentlyUsed open = new LeastRecentlyUsed();
    private final TrainingSettings settings;
    private final KeyedStates states;
    private final StepWorker worker;
    private long changedBytes;
    private long openBytes;
    private volatile int onDevice;
    private volatile long bytesOnDevice;

    AdapterCache(TrainingSettings settings, KeyedStates states, StepWorker worker) {
        this.settings = settings;
        this.states = states;
        this.worker = worker;
    }

    /** The adapter's slot, with its settings and its queue from state if it was not in memory. */
    AdapterSlot slot(String id) throws Exception {
        var slot = slots.get(id);
        if (slot == null) {
            slot = states.slot(id, settings.batching());
            slots.put(id, slot);
            noteOpen(slot);
        }
        used.add(slot);
        if (slot.adapter.get().isPresent()) {
            usedOnDevice.add(slot);
        }
        if (slot.openBytes > 0) {
            open.add(slot);
        }
        return slot;
    }

    /** Takes note of what the batch holds that still grows. */
    void noteOpen(AdapterSlot slot) {
        long bytes = slot.queue.get().waitingBytes();
        openBytes += bytes - slot.openBytes;
        slot.openBytes = bytes;
        open.remove(slot);
        if (slot.openBytes > 0) {
            open.add(slot);
        }
    }

    /** The ids of all adapters in memory. */
    List<String> ids() {
        return List.copyOf(slots.keySet());
    }

    /** Takes what work made of an adapter, and frees what was before. */
    void take(AdapterSlot slot, Done done) {
        Optional<LiveAdapter> after = done.adapter();
        if (!after.equals(slot.adapter.get())) {
            free(slot);
            after.ifPresent(adapter -> place(slot, adapter, done.changed()));
        }
        forgetChange(slot);
        if (slot.adapter.changed()) {
            slot.changedBytes = slot.adapter.get().orElseThrow().bytes();
            changedBytes += slot.changedBytes;
            changed.add(slot);
        }
    }

    private void place(AdapterSlot slot, LiveAdapter adapter, boolean changed) {
        onDevice++;
        bytesOnDevice += adapter.bytes();
        usedOnDevice.add(slot);
        if (changed) {
            slot.adapter.set(Optional.of(adapter));
        } else {
            slot.adapter.settle(Optional.of(adapter));
        }
    }

    private void free(AdapterSlot slot) {
        slot.adapter.get().ifPresent(adapter -> free(slot, adapter));
    }

    private void free(AdapterSlot slot, LiveAdapter adapter) {
        onDevice--;
        bytesOnDevice -= adapter.bytes();
        usedOnDevice.remove(slot);
        worker.free(adapter);
        slot.adapter.settle(Optional.empty());
    }

    private void forgetChange(AdapterSlot slot) {
        changed.remove(slot);
        changedBytes -= slot.changedBytes;
        slot.changedBytes = 0;
    }

    /** Evicts until the limits hold, or all that is left has work; returns how many it freed. */
    int shrink() throws Exception {
        int before = onDevice;
        DeviceCache limits = settings.cache();
        while ((onDevice > limits.adapters() || bytesOnDevice > limits.bytes())
                && !usedOnDevice.isEmpty()) {
            var slot = usedOnDevice.poll();
            if (!slot.running) {
                write(slot);
                free(slot);
                slot.replay.settle(Optional.empty()); // is read again with the next batch
            }
        }
        while (slots.size() > limits.adapters() && !used.isEmpty()) {
            var slot = used.poll();
            if (!slot.busy()) {
                forget(slot);
            }
        }
        while (openBytes > settings.batching().maxBufferedBytes() && !open.isEmpty()) {
            var slot = open.poll();
            if (!slot.busy()) {
                forget(slot);
            }
        }
        while (changedBytes > limits.unwrittenBytes() && !changed.isEmpty()) {
            var slot = changed.poll();
            if (!slot.running) {
                write(slot);
            }
        }
        return before - onDevice;
    }

    private void forget(AdapterSlot slot) throws Exception {
        write(slot);
        free(slot);
        used.remove(slot);
        open.remove(slot);
        openBytes -= slot.openBytes;
        slots.remove(slot.adapterId);
    }

    private void write(AdapterSlot slot) throws Exception {
        states.write(slot);
        forgetChange(slot);
    }

    /** Brings Flink's state up to date. */
    void writeAll() throws Exception {
        for (AdapterSlot slot : slots.values()) {
            write(slot);
        }
    }

    /** How many adapters are on the device; for any thread. */
    int onDevice() {
        return onDevice;
    }

    /** Bytes they hold; for any thread. */
    long bytesOnDevice() {
        return bytesOnDevice;
    }
}
