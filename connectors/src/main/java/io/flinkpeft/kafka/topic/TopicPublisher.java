package io.flinkpeft.kafka.topic;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes an adapter topic for a subtask of a job. Order of use: {@link #check} at the start; {@link
 * #begin} before the first transaction; {@link #publish}.
 *
 * <p>Not for several threads.
 */
public final class TopicPublisher implements AutoCloseable {

    /** Told what the topic holds that the state does not know, in the order of the log. */
    public interface Listener {
        /** A version is there. */
        void version(VersionHead head);

        /** A version was taken away. */
        void removed(String adapterId, long step);

        /** This version was made current. */
        void pointer(String adapterId, long step);

        /** The adapter has no current version any more. */
        void pointerRemoved(String adapterId);
    }

    private final TopicWriter.Settings settings;
    private final TopicAdmin admin;
    private final WriterClaims claims;
    private final TopicWriter self;

    private Map<Integer, Long> offsets;
    private TopicProducer producer;

    /** A publisher that has not written yet. */
    public TopicPublisher(TopicWriter.Settings settings, TopicWriter self) {
        this.settings = settings;
        this.self = self;
        this.admin = new TopicAdmin(settings.topic());
        this.claims = new WriterClaims(settings, self, admin);
        this.offsets = self.before().offsets();
    }

    /**
     * Refuses a job whose topic another one writes.
     *
     * @throws IllegalStateException that names the other
     */
    public void check() {
        claims.check();
    }

    /** Whether it may publish. */
    public boolean hasBegun() {
        return producer != null;
    }

    /**
     * Makes the job the topic's writer, ends what writers before it left open, and tells what they
     * wrote after the state.
     *
     * @throws IllegalStateException if another job writes the topic
     */
    public void begin(Listener listener) {
        claims.claim();
        String id = claims.ids().of(self.subtask());
        producer = new TopicProducer(settings.topic(), id, settings.transactionTimeout());
        Map<Integer, Long> ends = admin.ends();
        var from = new HashMap<Integer, Long>();
        var to = new HashMap<TopicPartition, Long>();
        ends.forEach(
                (partition, end) -> {
                    from.put(partition, offsets.getOrDefault(partition, 0L));
                    to.put(new TopicPartition(settings.topic().name(), partition), end);
                });
        var patience = settings.transactionTimeout().plus(settings.topic().connectTimeout());
        try (var consumer = new TopicConsumer(settings.topic(), Isolation.READ_COMMITTED)) {
            consumer.connect(from);
            consumer.readTo(to, patience, record -> tell(record, listener));
        }
        offsets = ends;
    }

    /** What a transaction writes, record by record. */
    public interface Content {
        /** Writes it. */
        void writeTo(Consumer<TopicRecord> out) throws Exception;
    }

    /**
     * Writes in one transaction.
     *
     * @throws IllegalStateException that names the writer who shut this one out, if its claim is
     *     there already
     */
    public void publish(Content content) {
        offsets = admin.committedEnds();
        try {
            producer.write(content);
        } catch (ShutOutException e) {
            claims.check();
            throw e;
        }
    }

    /** Of each partition: what lies before is known; empty if nothing is. */
    public Map<Integer, Long> offsets() {
        return offsets;
    }

    /** For the state: the transactional ids it writes with. */
    public String transactionalIds() {
        return claims.ids().text();
    }

    private static void tell(ConsumerRecord<byte[], byte[]> record, Listener listener) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            TopicEntry entry = TopicEntry.read(key, record);
            if (entry instanceof TopicEntry.Version version) {
                listener.version(version.head());
            } else if (entry instanceof TopicEntry.Pointer pointer) {
                listener.pointer(key.adapterId(), pointer.step());
            } else if (entry instanceof TopicEntry.Removal) {
                tellRemoval(key, listener);
            }
        } catch (InvalidRecordException e) {
            // a reader passes over what is not in the format
        }
    }

    private static void tellRemoval(TopicKey key, Listener listener) {
        if (key.kind() == RecordKind.POINTER) {
            listener.pointerRemoved(key.adapterId());
        } else if (key.kind() == RecordKind.VERSION) {
            listener.removed(key.adapterId(), key.step());
        }
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
        admin.close();
    }
}
