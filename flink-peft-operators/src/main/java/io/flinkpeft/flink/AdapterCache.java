package io.flinkpeft.flink;

import io.flinkpeft.flink.config.HotCache;
import io.flinkpeft.flink.config.TrainingSettings;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The adapters that are in memory, the one used last at the end. Those that are too many are
 * written to Flink's state and freed, but never one whose step is running.
 */
final class AdapterCache {

    private final LinkedHashMap<String, AdapterSlot> slots = new LinkedHashMap<>(64, 0.75f, true);
    private final TrainingSettings settings;
    private final KeyedStates states;
    private final StepWorker worker;
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
            slots.put(id, slot);
        }
        return slot;
    }

    /** The ids of all adapters in memory. */
    List<String> ids() {
        return List.copyOf(slots.keySet());
    }

    /** Takes what a turn made of an adapter, or null, and frees what was before. */
    void replace(AdapterSlot slot, Trainer.Adapter after) {
        if (slot.hot != after) {
            freeHot(slot);
        }
        if (slot.hot == null && after != null) {
            slot.hot = after;
            hot++;
            hotBytes += after.bytes();
        }
    }

    private void freeHot(AdapterSlot slot) {
        if (slot.hot != null) {
            hot--;
            hotBytes -= slot.hot.bytes();
            worker.free(slot.hot);
            slot.hot = null;
        }
    }

    /** Evicts until the limits hold, or all that is left has work; returns how many it freed. */
    int shrink() throws Exception {
        int before = hot;
        HotCache limits = settings.cache();
        var eldest = slots.values().iterator();
        while ((hot > limits.adapters() || hotBytes > limits.bytes()) && eldest.hasNext()) {
            var slot = eldest.next();
            if (slot.hot != null && !slot.running) {
                states.write(slot);
                freeHot(slot);
            }
        }
        eldest = slots.values().iterator();
        while (slots.size() > limits.adapters() && eldest.hasNext()) {
            var slot = eldest.next();
            if (!slot.busy()) {
                states.write(slot);
                freeHot(slot);
                eldest.remove();
            }
        }
        return before - hot;
    }

    /** Brings Flink's state up to date. */
    void writeAll() throws Exception {
        for (AdapterSlot slot : slots.values()) {
            states.write(slot);
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
