package io.flinkpeft.flink;

import io.flinkpeft.flink.config.HotCache;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.LiveAdapter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    private final UseOrder used = new UseOrder();
    private final UseOrder usedOnDevice = new UseOrder();
    private final UseOrder changed = new UseOrder();
    private final UseOrder open = new UseOrder();
    private final TrainingSettings settings;
    private final KeyedStates states;
    private final StepWorker worker;
    private long changedBytes;
    private long openBytes;
    private volatile int hot;
    private volatile long hotBytes;

    AdapterCache(TrainingSettings settings, KeyedStates states, StepWorker worker) {
        this.settings = settings;
        this.states = states;
        this.worker = worker;
    }

    /** The adapter's slot, with its settings and its queue from state if it was not in memory. */
    AdapterSlot slot(String id) throws Exception {
        var slot = slots.get(id);
        if (slot == null) {
            var queue = new EventQueue(settings.batching(), states.queue(id));
            slot = new AdapterSlot(id, states.settings(id), queue);
            slot.lastEvent = states.lastEvent(id);
            slots.put(id, slot);
            noteOpen(slot);
        }
        used.add(slot);
        if (slot.hot != null) {
            usedOnDevice.add(slot);
        }
        if (slot.openBytes > 0) {
            open.add(slot);
        }
        return slot;
    }

    /** Takes note of what the batch holds that still grows. */
    void noteOpen(AdapterSlot slot) {
        openBytes += slot.queue.waitingBytes() - slot.openBytes;
        slot.openBytes = slot.queue.waitingBytes();
        open.remove(slot);
        if (slot.openBytes > 0) {
            open.add(slot);
        }
    }

    /** The ids of all adapters in memory. */
    List<String> ids() {
        return List.copyOf(slots.keySet());
    }

    /** Takes what a turn made of an adapter, or null, and frees what was before. */
    void replace(AdapterSlot slot, LiveAdapter after) {
        if (slot.hot != after) {
            freeHot(slot);
        }
        if (slot.hot == null && after != null) {
            slot.hot = after;
            hot++;
            hotBytes += after.bytes();
            usedOnDevice.add(slot);
        }
        forgetChange(slot);
        if (slot.adapterDirty) {
            slot.changedBytes = slot.hot.bytes();
            changedBytes += slot.changedBytes;
            changed.add(slot);
        }
    }

    private void forgetChange(AdapterSlot slot) {
        changed.remove(slot);
        changedBytes -= slot.changedBytes;
        slot.changedBytes = 0;
    }

    private void freeHot(AdapterSlot slot) {
        if (slot.hot != null) {
            hot--;
            hotBytes -= slot.hot.bytes();
            usedOnDevice.remove(slot);
            worker.free(slot.hot);
            slot.hot = null;
        }
    }

    /** Evicts until the limits hold, or all that is left has work; returns how many it freed. */
    int shrink() throws Exception {
        int before = hot;
        HotCache limits = settings.cache();
        while ((hot > limits.adapters() || hotBytes > limits.bytes()) && !usedOnDevice.isEmpty()) {
            var slot = usedOnDevice.poll();
            if (!slot.running) {
                write(slot);
                freeHot(slot);
                slot.replay = null; // is read again with the next batch
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
        return before - hot;
    }

    private void forget(AdapterSlot slot) throws Exception {
        write(slot);
        freeHot(slot);
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
            if (slot.dirty()) {
                write(slot);
            }
        }
    }

    /** How many adapters are on the device; for any thread. */
    int hot() {
        return hot;
    }

    /** Bytes they hold; for any thread. */
    long hotBytes() {
        return hotBytes;
    }
}
