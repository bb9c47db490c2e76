package io.flinkpeft.kafka.topic;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks for versions by their pointers among the records of a topic, read from the beginning. */
final class VersionSearch {

    private final Set<TopicEntry.Pointer> pointers;
    private final Map<TopicKey, TopicEntry.Pointer> wanted;
    private final PendingVersions pending;
    private final Map<TopicEntry.Pointer, Lookup> found = new HashMap<>();

    VersionSearch(Set<TopicEntry.Pointer> pointers, VersionLimits limits) {
        this.pointers = pointers;
        this.wanted =
                pointers.stream()
                        .collect(Collectors.toMap(TopicEntry.Pointer::target, pointer -> pointer));
        this.pending = new PendingVersions(limits);
    }

    void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            if (key.kind() != RecordKind.POINTER && wanted.containsKey(key.version())) {
                pending.accept(key, record);
                TopicEntry.Pointer pointer = wanted.get(key.version());
                if (record.value() == null && key.kind() == RecordKind.VERSION) {
                    found.remove(pointer);
                }
                keep(pointer);
            }
        } catch (InvalidRecordException e) {
            // not one of ours
        }
    }

    private void keep(TopicEntry.Pointer pointer) {
        Lookup lookup = pending.find(pointer);
        if (lookup.isFound()) {
            found.put(pointer, lookup);
            pending.remove(pointer.target());
        }
    }

    /** What was found, for every pointer. */
    Map<TopicEntry.Pointer, Lookup> result() {
        return pointers.stream()
                .collect(
                        Collectors.toMap(
                                pointer -> pointer,
                                pointer -> found.getOrDefault(pointer, pending.find(pointer))));
    }
}
