package io.flinkpeft.kafka.topic;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Versions that were read and that no pointer has named yet, within a bound of bytes and of number:
 * the oldest are dropped.
 */
final class PendingVersions {

    private static final int MAX_VERSIONS = 100_000;

    private final VersionLimits limits;
    private final Map<TopicKey, VersionAssembly> assemblies = new LinkedHashMap<>();
    private long bytes;

    PendingVersions(VersionLimits limits) {
        this.limits = limits;
    }

    /** What is known of the version a pointer names. */
    Lookup find(TopicEntry.Pointer pointer) {
        Lookup lookup = find(pointer.target());
        if (lookup.isFound() && !lookup.version().sha256().equals(pointer.sha256())) {
            return Lookup.broken(
                    "Version "
                            + pointer.target()
                            + " with SHA-256 ("
                            + lookup.version().sha256()
                            + ") must have the one its pointer names, "
                            + pointer.sha256()
                            + ".");
        }
        return lookup;
    }

    /** What is known of a version. */
    Lookup find(TopicKey version) {
        VersionAssembly assembly = assemblies.get(version);
        return assembly == null ? Lookup.UNSEEN : assembly.lookup();
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

    private void add(TopicEntry.Chunk chunk) {
        change(chunk.key().version(), assembly -> assembly.add(chunk));
    }

    private void add(TopicEntry.Version version) {
        change(version.key(), assembly -> assembly.add(version));
    }

    private void breaks(TopicKey part, String reason) {
        change(part.version(), assembly -> assembly.breaks(reason));
    }

    void remove(TopicKey version) {
        VersionAssembly removed = assemblies.remove(version);
        if (removed != null) {
            bytes -= removed.bytes();
        }
    }

    /** The bytes held. */
    long bytes() {
        return bytes;
    }

    private void change(TopicKey key, Consumer<VersionAssembly> change) {
        VersionAssembly assembly = assemblies.remove(key);
        if (assembly == null) {
            assembly = new VersionAssembly(key, limits.versionBytes());
        }
        bytes -= assembly.bytes();
        change.accept(assembly);
        bytes += assembly.bytes();
        assemblies.put(key, assembly);
        while (bytes > limits.pendingBytes() || assemblies.size() > MAX_VERSIONS) {
            remove(assemblies.keySet().iterator().next());
        }
    }
}
