package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Versions that were read and that no pointer has named yet, on disk, within a bound of bytes and
 * of number: the oldest are dropped.
 */
final class PendingVersions {

    private static final int MAX_VERSIONS = 100_000;
    private static final int MAX_PARTS = 2 * AdapterTopicFormat.MAX_CHUNKS;

    private final VersionLimits limits;
    private final StoredVersions store;
    private final Map<TopicKey, VersionAssembly> assemblies = new LinkedHashMap<>();
    private long bytes;
    private long parts;

    PendingVersions(VersionLimits limits, StoredVersions store) {
        this.limits = limits;
        this.store = store;
    }

    /** What is known of the version a pointer names; one that is found is the caller's. */
    Lookup take(TopicEntry.Pointer pointer) {
        Lookup lookup = find(pointer);
        return lookup.isFound() ? take(pointer.target()) : lookup;
    }

    /** What is known of a version; one that is found is the caller's. */
    Lookup take(TopicKey version) {
        Lookup lookup = find(version);
        if (lookup.isFound()) {
            bytes -= assemblies.remove(version).bytes();
        }
        return lookup;
    }

    /** What is known of the version a pointer names. */
    Lookup find(TopicEntry.Pointer pointer) {
        return find(pointer.target()).checked(pointer);
    }

    /** What is known of a version. */
    Lookup find(TopicKey version) {
        return Optional.ofNullable(assemblies.get(version))
                .map(VersionAssembly::lookup)
                .orElse(Lookup.UNSEEN);
    }

    /** A record of a version or of a part of it; what cannot be read breaks the version. */
    void accept(TopicKey key, ConsumerRecord<byte[], byte[]> record) {
        try {
            add(TopicEntry.read(key, record));
        } catch (InvalidRecordException e) {
            breaks(key, e.getMessage());
        }
    }

    private void add(TopicEntry entry) {
        if (entry instanceof TopicEntry.Chunk chunk) {
            add(chunk);
        } else if (entry instanceof TopicEntry.Version version) {
            add(version);
        } else if (entry.key().kind() == RecordKind.VERSION) {
            remove(entry.key());
        }
    }

    void add(TopicEntry.Chunk chunk) {
        change(chunk.key().version(), assembly -> assembly.add(chunk));
    }

    private void add(TopicEntry.Version version) {
        change(version.key(), assembly -> assembly.add(version));
    }

    private void breaks(TopicKey part, String reason) {
        change(part.version(), assembly -> assembly.breaks(reason));
    }

    void remove(TopicKey version) {
        Optional.ofNullable(assemblies.remove(version)).ifPresent(this::drop);
    }

    private void drop(VersionAssembly removed) {
        bytes -= removed.bytes();
        parts -= removed.parts();
        removed.clear();
    }

    void clear() {
        List.copyOf(assemblies.keySet()).forEach(this::remove);
    }

    /** The chunks held. */
    long parts() {
        return parts;
    }

    private void change(TopicKey key, Consumer<VersionAssembly> change) {
        VersionAssembly assembly =
                Optional.ofNullable(assemblies.remove(key))
                        .orElseGet(() -> new VersionAssembly(key, limits.versionBytes(), store));
        bytes -= assembly.bytes();
        parts -= assembly.parts();
        change.accept(assembly);
        bytes += assembly.bytes();
        parts += assembly.parts();
        assemblies.put(key, assembly);
        while (isTooMuch() && assemblies.size() > 1) {
            remove(assemblies.keySet().iterator().next());
        }
    }

    private boolean isTooMuch() {
        return bytes > limits.pendingBytes()
                || parts > MAX_PARTS
                || assemblies.size() > MAX_VERSIONS;
    }
}
