package io.flinkpeft.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which versions wait in the state, and for which checkpoint. The versions are not held here. */
final class WaitingVersions {

    /** Before all checkpoints of this run: what was restored. */
    static final long RESTORED = Long.MIN_VALUE;

    private record Name(String adapterId, long step) {}

    private final SortedMap<Long, List<Name>> byCheckpoint = new TreeMap<>();
    private List<Name> unassigned = new ArrayList<>();
    private int size;

    void add(String adapterId, long step) {
        unassigned.add(new Name(adapterId, step));
        size++;
    }

    /** All that came up to now is in this checkpoint. */
    void assign(long checkpoint) {
        if (!unassigned.isEmpty()) {
            byCheckpoint.put(checkpoint, unassigned);
            unassigned = new ArrayList<>();
        }
    }

    /** Takes what is in this checkpoint: steps by adapter. */
    SortedMap<String, SortedSet<Long>> take(long checkpoint) {
        var taken = new TreeMap<String, SortedSet<Long>>();
        Map<Long, List<Name>> complete = byCheckpoint.headMap(checkpoint + 1);
        for (List<Name> names : complete.values()) {
            for (Name name : names) {
                taken.computeIfAbsent(name.adapterId(), id -> new TreeSet<>()).add(name.step());
            }
            size -= names.size();
        }
        complete.clear();
        return taken;
    }

    int size() {
        return size;
    }
}
