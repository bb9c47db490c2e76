package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.StoredVersions.Stored;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks for versions among the records of a topic that are read again. */
final class VersionSearch {

    private final Set<TopicKey> wanted;
    private final StoredVersions store;
    private final PendingVersions pending;
    private final Map<TopicKey, Stored> found = new HashMap<>();

    VersionSearch(Set<TopicKey> wanted, VersionLimits limits, StoredVersions store) {
        this.wanted = wanted;
        this.store = store;
        this.pending = new PendingVersions(limits, store);
    }

    void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            if (key.kind() != RecordKind.POINTER && wanted.contains(key.version())) {
                pending.accept(key, record);
                if (record.value() == null && key.kind() == RecordKind.VERSION) {
                    keep(key.version(), null);
                }
                Lookup lookup = pending.take(key.version());
                if (lookup.isFound()) {
                    keep(key.version(), lookup.version());
                }
            }
        } catch (InvalidRecordException e) {
            // not one of ours
        }
    }

    private void keep(TopicKey key, Stored version) {
        Stored before = version == null ? found.remove(key) : found.put(key, version);
        if (before != null) {
            store.free(before);
        }
    }

    /** What was found, for every version that was wanted; it is the caller's. */
    Map<TopicKey, Lookup> result() {
        Map<TopicKey, Lookup> result =
                wanted.stream().collect(Collectors.toMap(Function.identity(), this::lookup));
        pending.clear();
        return result;
    }

    private Lookup lookup(TopicKey key) {
        Stored version = found.get(key);
        return version == null ? pending.find(key) : Lookup.found(version);
    }
}
