package io.flinkpeft.train;

import io.flinkpeft.method.Attachment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    record Group(List<ServingAdapter> adapters, List<List<Integer>> requests) {

        Bank bank() {
            return adapters.get(0).bank();
        }

        /** The places of all requests, adapter by adapter. */
        List<Integer> all() {
            return requests.stream().flatMap(List::stream).toList();
        }
    }

    private record Key(HeadKind head, String layout, ServingAdapter alone) {
        static Key of(ServingAdapter adapter) {
            Attachment attachment = adapter.bank().attachment();
            return new Key(
                    adapter.head(),
                    adapter.bank().layout() + attachment.signature(),
                    attachment.alone() ? adapter : null);
        }
    }

    private RequestGroups() {}

    /**
     * Groups requests, in the order in which their groups appear.
     *
     * @param adapters the adapter of each request
     */
    static List<Group> of(List<ServingAdapter> adapters) {
        Map<ServingAdapter, List<Integer>> requests = new IdentityHashMap<>();
        Map<Key, List<ServingAdapter>> together = new LinkedHashMap<>();
        for (int i = 0; i < adapters.size(); i++) {
            ServingAdapter adapter = adapters.get(i);
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
