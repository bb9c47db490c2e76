package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads what an adapter topic holds now, for tools. Each call reads the topic from its beginning to
 * its end, committed records only.
 */
public final class AdapterTopicReader {

    private final AdapterTopic topic;

    /** Reads a topic; nothing is opened before the first call. */
    public AdapterTopicReader(AdapterTopic topic) {
        this.topic = topic;
    }

    /** A version of the topic without its payload, and whether its adapter's pointer names it. */
    public record Listed(VersionHead head, boolean current) {}

    /** The versions of all adapters, by adapter id and step. */
    public List<Listed> list() {
        var heads = new TreeMap<String, TreeMap<Long, VersionHead>>();
        var pointers = new HashMap<String, TopicEntry.Pointer>();
        readAll(record -> note(record, heads, pointers));
        var listed = new ArrayList<Listed>();
        for (var versions : heads.values()) {
            for (VersionHead head : versions.values()) {
                boolean current =
                        Optional.ofNullable(pointers.get(head.adapterId()))
                                .filter(pointer -> names(pointer, head))
                                .isPresent();
                listed.add(new Listed(head, current));
            }
        }
        return listed;
    }

    /** One version, if the topic has it whole. */
    public Optional<AdapterVersion> fetch(String adapterId, long step) {
        try (var store = new StoredVersions()) {
            var pending = new PendingVersions(VersionLimits.DEFAULT, store);
            TopicKey wanted = TopicKey.version(adapterId, step);
            readAll(record -> collect(record, wanted, pending));
            return pending.find(wanted).version().map(store::load);
        }
    }

    /** The adapter's current version, if it has one and the topic has it whole. */
    public Optional<AdapterVersion> current(String adapterId) {
        return list().stream()
                .filter(listed -> listed.current() && listed.head().adapterId().equals(adapterId))
                .findFirst()
                .flatMap(listed -> fetch(adapterId, listed.head().step()));
    }

    private void readAll(Consumer<ConsumerRecord<byte[], byte[]>> action) {
        try (var consumer = TopicConsumer.toEnds(topic, Isolation.READ_COMMITTED)) {
            consumer.connect();
            consumer.readTo(consumer.ends(), topic.connectTimeout(), action);
        }
    }

    private static void note(
            ConsumerRecord<byte[], byte[]> record,
            Map<String, TreeMap<Long, VersionHead>> heads,
            Map<String, TopicEntry.Pointer> pointers) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            TopicEntry entry = TopicEntry.read(key, record);
            if (entry instanceof TopicEntry.Version version) {
                heads.computeIfAbsent(key.adapterId(), id -> new TreeMap<>())
                        .put(key.step(), version.head());
            } else if (entry instanceof TopicEntry.Pointer pointer) {
                pointers.put(key.adapterId(), pointer);
            } else if (key.kind() == RecordKind.POINTER) {
                pointers.remove(key.adapterId());
            } else if (key.kind() == RecordKind.VERSION) {
                heads.getOrDefault(key.adapterId(), new TreeMap<>()).remove(key.step());
            }
        } catch (InvalidRecordException e) {
            // a reader passes over what is not in the format
        }
    }

    private static void collect(
            ConsumerRecord<byte[], byte[]> record, TopicKey wanted, PendingVersions pending) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            if (key.kind() != RecordKind.POINTER && key.version().equals(wanted)) {
                pending.accept(key, record);
            }
        } catch (InvalidRecordException e) {
            // as above
        }
    }

    private static boolean names(TopicEntry.Pointer pointer, VersionHead head) {
        return pointer.step() == head.step() && pointer.sha256().equals(head.sha256());
    }
}
