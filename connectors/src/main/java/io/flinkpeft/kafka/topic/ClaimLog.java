package io.flinkpeft.kafka.topic;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The claims of an adapter topic, read as far as is asked for; they lie in partition 0. */
final class ClaimLog {

    /** Reads partition 0 of the topic. */
    interface Reader {
        /** From an offset to an end. */
        void read(
                Map<Integer, Long> from,
                TopicPlace end,
                Consumer<ConsumerRecord<byte[], byte[]>> action);
    }

    private final Reader reader;

    private WriterClaim current; // null while nobody is known
    private long read;

    /** Nothing is read before {@link #readTo}. */
    ClaimLog(Reader reader) {
        this.reader = reader;
    }

    /** The claims of a topic in Kafka. */
    static ClaimLog of(AdapterTopic topic, Isolation isolation) {
        return new ClaimLog(
                (from, end, action) ->
                        KafkaTopicLog.read(
                                topic, isolation, from, end, topic.connectTimeout(), action));
    }

    /** The claim of a topic that ends there; null if nobody has it. */
    static WriterClaim committed(AdapterTopic topic, TopicPlace end) {
        ClaimLog log = of(topic, Isolation.READ_COMMITTED);
        log.readTo(end);
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

    void readTo(TopicPlace end) {
        if (read < end.offset(0)) {
            reader.read(Map.of(0, read), end, this::note);
            read = end.offset(0);
        }
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
