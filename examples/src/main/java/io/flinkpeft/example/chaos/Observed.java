package io.flinkpeft.example.chaos;

import java.util.List;
import java.util.Map;

/**
 * What a run left.
 *
 * @param versions for each {@code adapter@step} the SHA-256 of value and headers, as often as a
 *     reader of committed records saw it
 * @param pointers for each adapter the steps its pointer named, in order
 * @param state for each keyed state of the trainer and each key the SHA-256 of its bytes
 */
record Observed(
        Map<String, List<String>> versions,
        Map<String, List<Long>> pointers,
        Map<String, String> state) {}
