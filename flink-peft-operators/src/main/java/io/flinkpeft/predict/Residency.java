package io.flinkpeft.predict;

import java.util.LinkedHashMap;
import java.util.List;

/**
 * Which adapters are loaded, within a bound of bytes. Guarded by the {@link ServingAdapters} that
 * owns it.
 */
final class Residency {

    private final long capacityBytes;

    /** The slots with a loaded adapter, the least recently used first. */
    private final LinkedHashMap<String, AdapterSlot> slots = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    Residency(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    int size() {
        return slots.size();
    }

    boolean isFull() {
        return bytes >= capacityBytes;
    }

    /** Makes an adapter the most recently used. */
    void touch(String adapterId) {
        slots.get(adapterId);
    }

    /** Installs a loaded version in its slot; who is used least leaves for it. */
    void install(AdapterSlot slot, Resident loaded) {
        Resident before = slot.install(loaded);
        slots.put(loaded.origin().adapterId(), slot);
        bytes += loaded.loaded().bytes();
        if (before != null) {
            bytes -= before.loaded().bytes();
            before.release();
        }
        while (bytes > capacityBytes && slots.size() > 1) {
            evict(slots.keySet().iterator().next());
        }
    }

    /** Unloads an adapter, once it is used no more. */
    void evict(String adapterId) {
        AdapterSlot slot = slots.remove(adapterId);
        if (slot != null) {
            bytes -= slot.resident.loaded().bytes();
            slot.resident.release();
            slot.resident = null;
        }
    }

    void evictAll() {
        List.copyOf(slots.keySet()).forEach(this::evict);
    }
}
