package io.flinkpeft.example.quickstart;

import java.util.HashMap;
import java.util.Map;

/** The most frequent label so far; of equals the one that got there first. */
final class MajorityClass {

    private final Map<String, Integer> counts = new HashMap<>();
    private String label;

    void add(String seen) {
        int count = counts.merge(seen, 1, Integer::sum);
        if (label == null || count > counts.get(label)) {
            label = seen;
        }
    }

    /** Null before the first. */
    String label() {
        return label;
    }
}
