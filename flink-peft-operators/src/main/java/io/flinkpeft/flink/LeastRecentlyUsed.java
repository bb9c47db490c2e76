package io.flinkpeft.flink;

import java.util.LinkedHashSet;

/** Slots, of which the one used longest ago is the next to go. */
final class LeastRecentlyUsed {

    private final LinkedHashSet<AdapterSlot> slots = new LinkedHashSet<>();

    /** Puts it at the end, wherever it was. */
    void add(AdapterSlot slot) {
        slots.remove(slot);
        slots.add(slot);
    }

    void remove(AdapterSlot slot) {
        slots.remove(slot);
    }

    boolean isEmpty() {
        return slots.isEmpty();
    }

    /** Takes out the one used longest ago. */
    AdapterSlot poll() {
        var slots = this.slots.iterator();
        var eldest = slots.next();
        slots.remove();
        return eldest;
    }
}
