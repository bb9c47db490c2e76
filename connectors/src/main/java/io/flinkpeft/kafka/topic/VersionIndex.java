package io.flinkpeft.kafka.topic;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Where the versions of a topic lie: enough to read one again, to know which one is before another,
 * and that one is not there. Some hundred bytes a version of the topic.
 */
final class VersionIndex {

    /**
     * The records of a version.
     *
     * @param first the offset of the first one
     * @param last the offset of the one that ends it; -1 if there is none yet
     */
    record Span(int partition, long first, long last) {

        boolean isWhole() {
            return last >= 0;
        }

        /** Both, of one partition. */
        Span and(Span other) {
            return new Span(partition, Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    private final Map<String, NavigableMap<Long, Span>> spans = new HashMap<>();

    /** Takes note of a record of a version or of a chunk. */
    void accept(TopicKey key, ConsumerRecord<byte[], byte[]> record) {
        boolean version = key.kind() == RecordKind.VERSION;
        if (TopicEntry.isRemoval(record)) {
            if (version) {
                remove(key);
            }
            return;
        }
        var own = spans.computeIfAbsent(key.adapterId(), id -> new TreeMap<>());
        Span before = own.get(key.step());
        long first = before == null || key.chunk() == 0 ? record.offset() : before.first();
        long last = version ? record.offset() : -1;
        own.put(key.step(), new Span(record.partition(), first, last));
    }

    private void remove(TopicKey key) {
        spans.computeIfPresent(
                key.adapterId(),
                (id, own) -> {
                    own.remove(key.step());
                    return own.isEmpty() ? null : own;
                });
    }

    private NavigableMap<Long, Span> of(String adapterId) {
        return spans.getOrDefault(adapterId, Collections.emptyNavigableMap());
    }

    /** Where a version is, if its last record was seen. */
    Optional<Span> find(TopicKey version) {
        return Optional.ofNullable(of(version.adapterId()).get(version.step()))
                .filter(Span::isWhole);
    }

    /** The newest version of an adapter before a step. */
    Optional<TopicKey> before(String adapterId, long step) {
        return of(adapterId).headMap(step, false).descendingMap().entrySet().stream()
                .filter(entry -> entry.getValue().isWhole())
                .findFirst()
                .map(entry -> TopicKey.version(adapterId, entry.getKey()));
    }

    void clear() {
        spans.clear();
    }
}
