package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Rejected;
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
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;

/**
 * The end of a test's job: what comes counts when a checkpoint behind it is complete. (Flink's own
 * sink for tests ends its TaskManager when it is cancelled before it was opened.)
 */
final class Committed extends ProcessFunction<String, String>
        implements CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1;

    private static final Map<String, Map<String, Set<String>>> COMMITTED =
            new ConcurrentHashMap<>();

    private final String kind;
    private transient ListState<String> state;
    private transient List<String> current;
    private transient TreeMap<Long, List<String>> waiting;

    private Committed(String kind) {
        this.kind = kind;
    }

    /** Takes the versions of a job, which must have checkpoints. */
    static void takeVersions(DataStream<AdapterVersion> versions) {
        take("versions", versions.map(Committed::line).returns(Types.STRING));
    }

    /** Takes what a job refuses. */
    static void takeRejected(DataStream<Rejected> rejected) {
        take("rejected", rejected.map(Committed::line).returns(Types.STRING));
    }

    private static void take(String kind, DataStream<String> lines) {
        lines.process(new Committed(kind))
                .uid("committed " + kind)
                .setParallelism(1)
                .sinkTo(new DiscardingSink<>());
    }

    private static String line(AdapterVersion version) {
        return version.adapterId() + " " + TrainerHarness.described(version);
    }

    private static String line(Rejected rejected) {
        return rejected.partition() + "@" + rejected.offset() + " " + rejected.reason();
    }

    /** Forgets all of it. */
    static void reset() {
        COMMITTED.clear();
    }

    /** Names and digests of each adapter's versions, in their order. */
    static Map<String, List<String>> versions() {
        return all("versions");
    }

    /** Reasons of what was refused, by partition and offset. */
    static Map<String, List<String>> rejected() {
        return all("rejected");
    }

    private static Map<String, List<String>> all(String kind) {
        var all = new TreeMap<String, List<String>>();
        COMMITTED.getOrDefault(kind, Map.of()).forEach((key, v) -> all.put(key, List.copyOf(v)));
        return all;
    }

    @Override
    public void processElement(String line, Context context, Collector<String> out) {
        current.add(line);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        state =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("waiting", Types.STRING));
        current = new ArrayList<>();
        waiting = new TreeMap<>();
        for (String line : state.get()) {
            commit(line); // by the checkpoint that is restored
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
        complete.values().forEach(lines -> lines.forEach(this::commit));
        complete.clear();
    }

    private void commit(String line) {
        int space = line.indexOf(' ');
        COMMITTED
                .computeIfAbsent(kind, k -> new ConcurrentHashMap<>())
                .computeIfAbsent(line.substring(0, space), k -> new LinkedHashSet<>())
                .add(line.substring(space + 1));
    }
}
