package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.StoredVersions.Stored;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
                if (TopicEntry.isRemoval(record) && key.kind() == RecordKind.VERSION) {
                    free(found.remove(key.version()));
                }
                pending.take(key.version())
                        .version()
                        .ifPresent(version -> free(found.put(key.version(), version)));
            }
        } catch (InvalidRecordException e) {
            // not one of ours
        }
    }

    private void free(Stored before) {
        Optional.ofNullable(before).ifPresent(store::free);
    }

    /** What was found, for every version that was wanted; it is the caller's. */
    Map<TopicKey, Lookup> result() {
        Map<TopicKey, Lookup> result =
                wanted.stream().collect(Collectors.toMap(Function.identity(), this::lookup));
        pending.clear();
        return result;
    }

    private Lookup lookup(TopicKey key) {
        return found.containsKey(key) ? new Lookup.Found(found.get(key)) : pending.find(key);
    }
}
