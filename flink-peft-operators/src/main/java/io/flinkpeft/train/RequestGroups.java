package io.flinkpeft.train;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.task.Decoding;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which requests go through the kernel together: all of an adapter, and those of adapters that
 * share a program and a layout, unless they change the base itself.
 */
final class RequestGroups {

    /**
     * Adapters that go together.
     *
     * @param adapters at least one
     * @param requests for each adapter the places of its requests
     */
    record Group(List<ServingRow> adapters, List<List<Integer>> requests) {

        RowLayout rowLayout() {
            return adapters.get(0).rowLayout();
        }

        ServingRow first() {
            return adapters.get(0);
        }
    }

    private record Key(
            String task,
            List<String> programs,
            Optional<Decoding> decoding,
            String layout,
            ServingRow alone) {

        static Key of(ServingRow adapter) {
            AttachedMethod attachment = adapter.rowLayout().attached();
            return new Key(
                    adapter.task().name(),
                    adapter.head().kernels(),
                    adapter.asked().decoding(),
                    adapter.rowLayout().tensors() + attachment.signature(),
                    attachment.alone() ? adapter : null);
        }
    }

    private RequestGroups() {}

    /**
     * Groups requests, in the order in which their groups appear.
     *
     * @param adapters the adapter of each request
     */
    static List<Group> of(List<ServingRow> adapters) {
        Map<ServingRow, List<Integer>> requests = new IdentityHashMap<>();
        Map<Key, List<ServingRow>> together = new LinkedHashMap<>();
        for (int i = 0; i < adapters.size(); i++) {
            ServingRow adapter = adapters.get(i);
            if (!requests.containsKey(adapter)) {
                requests.put(adapter, new ArrayList<>());
                together.computeIfAbsent(Key.of(adapter), key -> new ArrayList<>()).add(adapter);
            }
            requests.get(adapter).add(i);
        }
        return together.values().stream()
                .map(group -> new Group(group, group.stream().map(requests::get).toList()))
                .toList();
    }
}
