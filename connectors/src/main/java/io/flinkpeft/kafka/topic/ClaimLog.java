package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The claims of an adapter topic, read as far as is asked for; they lie in partition 0. */
final class ClaimLog {

    private final AdapterTopic topic;
    private final Isolation isolation;
    private final Duration patience;

    private WriterClaim current; // null while nobody is known
    private long read;

    /**
     * Nothing is read before {@link #readTo}.
     *
     * @param patience how long to wait for the next record
     */
    ClaimLog(AdapterTopic topic, Isolation isolation, Duration patience) {
        this.topic = topic;
        this.isolation = isolation;
        this.patience = patience;
    }

    /** The claim of a topic that ends there; null if nobody has it. */
    static WriterClaim committed(AdapterTopic topic, TopicPlace end) {
        var log = new ClaimLog(topic, Isolation.READ_COMMITTED, topic.connectTimeout());
        log.readTo(end.offset(0));
        return log.current();
    }

    /** The last claim that was read; null if nobody has the topic. */
    WriterClaim current() {
        return current;
    }

    /** What lies before the offset need not be read. */
    void skipTo(long offset) {
        read = Math.max(read, offset);
    }

    void readTo(long end) {
        if (read >= end) {
            return;
        }
        try (var consumer = TopicConsumer.toEnds(topic, isolation)) {
            consumer.connect(Map.of(0, read));
            consumer.readTo(Map.of(new TopicPartition(topic.name(), 0), end), patience, this::note);
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

    /** Null if the claim was taken away. */
    private static WriterClaim claim(TopicKey key, ConsumerRecord<byte[], byte[]> record) {
        try {
            TopicEntry entry = TopicEntry.read(key, record);
            return entry instanceof TopicEntry.Claim claim ? claim.claim() : null;
        } catch (InvalidRecordException e) {
            return WriterClaim.unreadable(e.getMessage());
        }
    }
}
