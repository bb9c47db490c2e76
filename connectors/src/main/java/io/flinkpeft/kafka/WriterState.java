package io.flinkpeft.kafka;

import io.flinkpeft.kafka.topic.TopicPublisher;
import io.flinkpeft.kafka.topic.TopicWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;

/**
 * State: what each subtask knows of the topic. All read all of it, for after a change of
 * parallelism an adapter may be another subtask's.
 */
final class WriterState {

    static final String NAME = "topic-writer";

    /** Ids of writers, their transactional ids, whether versions wait, offsets by partition. */
    private static final TypeInformation<
                    Tuple4<List<String>, List<String>, Boolean, Map<Integer, Long>>>
            TYPE =
                    Types.TUPLE(
                            Types.LIST(Types.STRING),
                            Types.LIST(Types.STRING),
                            Types.BOOLEAN,
                            Types.MAP(Types.INT, Types.LONG));

    private final ListState<Tuple4<List<String>, List<String>, Boolean, Map<Integer, Long>>> state;
    private final TopicWriter.Before before;

    WriterState(OperatorStateStore store) throws Exception {
        state = store.getUnionListState(new ListStateDescriptor<>(NAME, TYPE));
        var entries = new ArrayList<Entry>();
        for (var entry : state.get()) {
            entries.add(new Entry(entry.f0, entry.f1, entry.f2, entry.f3));
        }
        before = merge(entries);
    }

    /** What the state said when it was restored. */
    TopicWriter.Before before() {
        return before;
    }

    /**
     * A job that has not written may do so before anybody reads this: it is named with those before
     * it.
     */
    void write(String writer, TopicPublisher publisher, boolean waiting) throws Exception {
        var writers = new ArrayList<String>(List.of(writer));
        var ids = new ArrayList<String>(List.of(publisher.transactionalIds()));
        if (!publisher.hasBegun()) {
            writers.addAll(before.writers());
            ids.addAll(before.transactionalIds());
        }
        state.update(List.of(Tuple4.of(writers, ids, waiting, publisher.offsets())));
    }

    private record Entry(
            List<String> writers,
            List<String> transactionalIds,
            boolean waiting,
            Map<Integer, Long> offsets) {

        long firstOffset() {
            return offsets.getOrDefault(0, -1L);
        }
    }

    private static TopicWriter.Before merge(List<Entry> entries) {
        var writers = new LinkedHashSet<String>();
        var ids = new LinkedHashSet<String>();
        entries.sort(Comparator.comparingLong(Entry::firstOffset));
        for (Entry entry : entries) {
            writers.addAll(entry.writers());
            ids.removeAll(entry.transactionalIds());
            ids.addAll(entry.transactionalIds());
        }
        return new TopicWriter.Before(List.copyOf(writers), List.copyOf(ids), offsets(entries));
    }

    /**
     * A subtask with versions that wait published them, if at all, behind its own offsets. Without
     * any, what the state does not know lies behind the offsets of all.
     */
    private static Map<Integer, Long> offsets(List<Entry> entries) {
        List<Map<Integer, Long>> waiting =
                entries.stream().filter(Entry::waiting).map(Entry::offsets).toList();
        var merged = new HashMap<Integer, Long>();
        for (Entry entry : entries) {
            entry.offsets()
                    .forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
        }
        for (var offsets : waiting) {
            merged.replaceAll(
                    (partition, offset) -> Math.min(offset, offsets.getOrDefault(partition, 0L)));
        }
        return merged;
    }
}
