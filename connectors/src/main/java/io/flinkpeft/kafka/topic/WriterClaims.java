package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Who writes the topic, as its claims say, and how a job becomes the one who does.
 *
 * <p>Claims are written under one transactional id, the same for all jobs: who takes it has all
 * claims before it decided, reads the last one, and writes its own only if nobody took the id
 * meanwhile. So of two jobs that want the topic at once one comes second and sees the other.
 */
final class WriterClaims {

    private static final String LOCK = "flink-peft-writer-of-";

    private final TopicWriter.Settings settings;
    private final TopicWriter self;
    private final TransactionalIds ids;
    private final TopicAdmin admin;

    private WriterClaim current; // null while nobody is known
    private long read; // partition 0 up to here

    WriterClaims(TopicWriter.Settings settings, TopicWriter self, TopicAdmin admin) {
        this.settings = settings;
        this.self = self;
        this.ids = self.transactionalIds(settings.transactionalIdPrefix());
        this.admin = admin;
        this.read = self.before().offsets().getOrDefault(0, 0L);
    }

    TransactionalIds ids() {
        return ids;
    }

    /**
     * Refuses a job that may not write. Reads what is committed and waits for no transaction.
     *
     * @throws IllegalStateException if it is refused
     */
    void check() {
        readTo(admin.committedEnds().get(0));
        checkAllowed();
    }

    /**
     * Makes this job the one that writes, and shuts out the one before.
     *
     * @throws IllegalStateException if it is refused
     */
    void claim() {
        // what this subtask left open when its process died would hold up the reading of claims
        admin.shutOut(List.of(ids.of(self.subtask())));
        for (TransactionalIds restored : restoredIds()) {
            admin.shutOut(restored.all());
        }
        while (!isClaimed()) {
            checkAllowed();
            try (var lock = new TopicProducer(settings.topic(), lock(), timeout())) {
                if (!isClaimed()) {
                    checkAllowed();
                    var next = new WriterClaim(self.id(), self.job(), ids, idsBefore());
                    admin.shutOut(next.before());
                    lock.write(List.of(next.record()));
                    current = next;
                    return;
                }
            } catch (ShutOutException e) {
                // another one wants it at the same time; a claim may be there now
            }
        }
        admin.shutOut(current.before());
    }

    private boolean isClaimed() {
        readTo(admin.ends().get(0));
        return current != null && current.writer().equals(self.id()) && current.ids().equals(ids);
    }

    private TransactionalIds idsBefore() {
        if (current != null) {
            return current.ids();
        }
        var restored = restoredIds();
        return restored.isEmpty() ? TransactionalIds.NONE : restored.get(restored.size() - 1);
    }

    /** Those of the state, without its own: a job that restarts has the same. */
    private List<TransactionalIds> restoredIds() {
        var restored = new ArrayList<TransactionalIds>();
        for (String text : self.before().transactionalIds()) {
            if (!text.equals(ids.text())) {
                restored.add(TransactionalIds.ofState(text));
            }
        }
        return restored;
    }

    private void checkAllowed() {
        if (current == null
                || current.writer().equals(self.id())
                || self.before().writers().contains(current.writer())) {
            return;
        }
        if (current.previous().base().equals(ids.base())) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + settings.topic().name()
                            + ") was taken over by "
                            + holder()
                            + ": this job must not write it any more.");
        }
        if (settings.takeover() == TopicWriter.Takeover.REFUSED) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + settings.topic().name()
                            + ") is written by "
                            + holder()
                            + ", must have one writer. Maybe stop that job and restore this one"
                            + " from its state; if it will not come back, set adapters.take-over.");
        }
    }

    private String holder() {
        return "job " + current.job() + " (transactional ids " + current.ids().base() + "-*)";
    }

    private void readTo(long end) {
        if (read >= end) {
            return;
        }
        try (var consumer = new TopicConsumer(settings.topic(), Isolation.READ_COMMITTED)) {
            consumer.connect(Map.of(0, read));
            var partition = new TopicPartition(settings.topic().name(), 0);
            consumer.readTo(Map.of(partition, end), patience(), this::note);
        }
        read = end;
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        TopicKey key;
        try {
            key = TopicKey.parse(record.key());
        } catch (InvalidRecordException e) {
            return; // not one of ours
        }
        if (key.kind() == RecordKind.CLAIM) {
            current = claim(key, record);
        }
    }

    /** Null if the claim was taken away. One that cannot be read is somebody's all the same. */
    private static WriterClaim claim(TopicKey key, ConsumerRecord<byte[], byte[]> record) {
        try {
            TopicEntry entry = TopicEntry.read(key, record);
            return entry instanceof TopicEntry.Claim claim ? claim.claim() : null;
        } catch (InvalidRecordException e) {
            var nobody = TransactionalIds.NONE;
            return new WriterClaim("", "? [" + e.getMessage() + "]", nobody, nobody);
        }
    }

    private String lock() {
        return LOCK + settings.topic().name();
    }

    private Duration timeout() {
        return settings.transactionTimeout();
    }

    /** A transaction that nobody finishes ends by itself. */
    private Duration patience() {
        return timeout().plus(settings.topic().connectTimeout());
    }
}
