package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.AdapterVersionCodec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The end of a test's job: a version counts when a checkpoint behind it is complete. (Flink's own
 * sink for tests ends its TaskManager when it is cancelled before it was opened.)
 */
final class CommittedVersions extends ProcessFunction<AdapterVersion, AdapterVersion>
        implements CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1;

    private static final Map<String, Set<String>> COMMITTED = new ConcurrentHashMap<>();

    private transient ListState<String> state;
    private transient List<String> current;
    private transient TreeMap<Long, List<String>> waiting;

    /** Forgets all versions. */
    static void reset() {
        COMMITTED.clear();
    }

    /** Digests of each adapter's versions, in their order. */
    static Map<String, List<String>> all() {
        var all = new TreeMap<String, List<String>>();
        COMMITTED.forEach((id, digests) -> all.put(id, List.copyOf(digests)));
        return all;
    }

    @Override
    public void processElement(
            AdapterVersion version, Context context, Collector<AdapterVersion> out) {
        String digest = Digests.sha256(AdapterVersionCodec.toBytes(version));
        current.add(version.adapterId() + " " + digest);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        state =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("waiting", Types.STRING));
        current = new ArrayList<>();
        waiting = new TreeMap<>();
        for (String version : state.get()) {
            commit(version); // by the checkpoint that is restored
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        waiting.put(context.getCheckpointId(), current);
        current = new ArrayList<>();
        state.update(waiting.values().stream().flatMap(List::stream).toList());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        var complete = waiting.headMap(checkpointId, true);
        complete.values().forEach(versions -> versions.forEach(CommittedVersions::commit));
        complete.clear();
    }

    private static void commit(String version) {
        String[] parts = version.split(" ");
        COMMITTED.computeIfAbsent(parts[0], id -> new LinkedHashSet<>()).add(parts[1]);
    }
}
