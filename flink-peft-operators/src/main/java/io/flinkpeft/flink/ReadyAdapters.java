package io.flinkpeft.flink;

import io.flinkpeft.flink.config.Batching;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The adapters with a closed turn and none that runs, first come, first served. */
final class ReadyAdapters {

    private final ArrayDeque<AdapterSlot> ready = new ArrayDeque<>();
    private final Batching batching;

    ReadyAdapters(Batching batching) {
        this.batching = batching;
    }

    void add(AdapterSlot slot) {
        ready.add(slot);
    }

    /**
     * Those that share the next step, or whose control comes with it; at least one if any is ready.
     */
    List<AdapterSlot> take() {
        var taken = new ArrayList<AdapterSlot>();
        int examples = 0;
        while (!ready.isEmpty() && taken.size() < batching.adaptersPerStep()) {
            examples += ready.peek().queue.get().first().size();
            if (!taken.isEmpty() && examples > batching.examplesPerStep()) {
                break;
            }
            taken.add(ready.poll());
        }
        return taken;
    }
}
