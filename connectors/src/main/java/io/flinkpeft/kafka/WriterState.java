package io.flinkpeft.kafka;

import io.flinkpeft.kafka.topic.TopicPlace;
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
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple4;

/**
 * State: what each subtask knows of the topic. All read all of it, for after a change of
 * parallelism an adapter may be another subtask's.
 */
final class WriterState {

    /** The bytes of a {@link WriterEntry} for each subtask. */
    static final String NAME = "topic-writer-2";

    /** That of release 0.1, which is read and left empty. */
    static final String FIRST_NAME = "topic-writer";

    /** Ids of writers, their transactional ids, whether versions wait, offsets by partition. */
    static final TypeInformation<Tuple4<List<String>, List<String>, Boolean, Map<Integer, Long>>>
            FIRST_TYPE =
                    Types.TUPLE(
                            Types.LIST(Types.STRING),
                            Types.LIST(Types.STRING),
                            Types.BOOLEAN,
                            Types.MAP(Types.INT, Types.LONG));

    /** The most jobs that are remembered while none of them is known to have written. */
    static final int MAX_WRITERS = 32;

    private final ListState<byte[]> state;
    private final TopicWriter.Before before;

    WriterState(OperatorStateStore store) throws Exception {
        var type = PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
        var entries = new ArrayList<>(readFirst(store));
        state = store.getUnionListState(new ListStateDescriptor<>(NAME, type));
        for (byte[] entry : state.get()) {
            entries.add(WriterEntry.read(entry));
        }
        before = merge(entries);
    }

    private static List<WriterEntry> readFirst(OperatorStateStore store) throws Exception {
        var entries = new ArrayList<WriterEntry>();
        if (store.getRegisteredStateNames().contains(FIRST_NAME)) {
            var first = store.getUnionListState(new ListStateDescriptor<>(FIRST_NAME, FIRST_TYPE));
            for (var entry : first.get()) {
                boolean begun = entry.f0.size() == 1;
                var place = new TopicPlace("", entry.f3);
                entries.add(
                        new WriterEntry(entry.f0, entry.f1, begun, entry.f2, List.of(), 0, place));
            }
            first.clear();
        }
        return entries;
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
        var entry =
                new WriterEntry(
                        writers,
                        ids,
                        publisher.hasBegun(),
                        waiting,
                        publisher.shutOut(),
                        publisher.partitions(),
                        publisher.place());
        state.update(List.of(entry.toBytes()));
    }

    /** Where the job is known to have claimed the topic, who wrote before it is of no account. */
    static TopicWriter.Before merge(List<WriterEntry> all) {
        var entries = new ArrayList<>(all);
        if (all.stream().anyMatch(WriterEntry::begun)) {
            entries.removeIf(entry -> !entry.begun());
        }
        entries.sort(
                Comparator.comparingLong(entry -> entry.place().offsets().getOrDefault(0, -1L)));
        var writers = new LinkedHashSet<String>();
        var ids = new LinkedHashSet<String>();
        var shutOut = new LinkedHashSet<String>();
        int partitions = 0;
        for (WriterEntry entry : entries) {
            writers.addAll(entry.writers());
            ids.removeAll(entry.transactionalIds());
            ids.addAll(entry.transactionalIds());
            shutOut.addAll(entry.shutOut());
            partitions = Math.max(partitions, entry.partitions());
        }
        String topicId = entries.isEmpty() ? "" : entries.get(entries.size() - 1).place().topicId();
        return new TopicWriter.Before(
                bounded(writers),
                bounded(ids),
                List.copyOf(shutOut),
                partitions,
                new TopicPlace(topicId, offsets(all, topicId)));
    }

    /** The newest, which stand first, and the one that is known to have written, which is last. */
    private static List<String> bounded(LinkedHashSet<String> names) {
        var all = List.copyOf(names);
        if (all.size() <= MAX_WRITERS) {
            return all;
        }
        var some = new ArrayList<>(all.subList(0, MAX_WRITERS - 1));
        some.add(all.get(all.size() - 1));
        return some;
    }

    /**
     * A subtask with versions that wait published them, if at all, behind its own offsets. Without
     * any, what the state does not know lies behind the offsets of all.
     */
    private static Map<Integer, Long> offsets(List<WriterEntry> entries, String topicId) {
        var merged = new HashMap<Integer, Long>();
        for (WriterEntry entry : entries) {
            offsets(entry, topicId)
                    .forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
        }
        for (WriterEntry entry : entries) {
            if (entry.waiting()) {
                var offsets = offsets(entry, topicId);
                merged.replaceAll(
                        (partition, offset) ->
                                Math.min(offset, offsets.getOrDefault(partition, 0L)));
            }
        }
        return merged;
    }

    private static Map<Integer, Long> offsets(WriterEntry entry, String topicId) {
        return entry.place().topicId().equals(topicId) ? entry.place().offsets() : Map.of();
    }
}
