package io.flinkpeft.kafka;

import java.util.ArrayList;
import java.util.Comparator;
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

    /** A version that waits, or the word that an adapter was dropped. */
    record Name(String adapterId, long step, boolean removes) {}

    private static final Comparator<Name> ORDER =
            Comparator.comparing(Name::adapterId).thenComparing(Name::step);

    private final SortedMap<Long, List<Name>> byCheckpoint = new TreeMap<>();
    private List<Name> unassigned = new ArrayList<>();
    private int size;

    void add(Name version) {
        unassigned.add(version);
        size++;
    }

    /** All that came up to now is in this checkpoint. */
    void assign(long checkpoint) {
        if (!unassigned.isEmpty()) {
            byCheckpoint.put(checkpoint, unassigned);
            unassigned = new ArrayList<>();
        }
    }

    /** Takes what is in this checkpoint, by adapter and step. */
    SortedSet<Name> take(long checkpoint) {
        var taken = new TreeSet<>(ORDER);
        Map<Long, List<Name>> complete = byCheckpoint.headMap(checkpoint + 1);
        for (List<Name> names : complete.values()) {
            taken.addAll(names);
            size -= names.size();
        }
        complete.clear();
        return taken;
    }

    int size() {
        return size;
    }
}
