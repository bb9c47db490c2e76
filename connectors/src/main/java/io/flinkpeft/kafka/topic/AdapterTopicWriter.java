package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterIds;
import io.flinkpeft.adapter.AdapterVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to an adapter topic from a tool, outside of a job: all records of a call in one
 * transaction.
 */
public final class AdapterTopicWriter implements AutoCloseable {

    private final AdapterTopic topic;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * Opens a writer.
     *
     * @param transactionalId a name for this writer; another with the same name is shut out
     */
    public AdapterTopicWriter(AdapterTopic topic, String transactionalId) {
        this.topic = topic;
        var bytes = new ByteArraySerializer();
        this.producer = new KafkaProducer<>(topic.producerConfig(transactionalId), bytes, bytes);
        try {
            producer.initTransactions();
        } catch (TimeoutException e) {
            producer.close(Duration.ZERO);
            throw topic.unreachable(e);
        }
    }

    /** Publishes a version and makes it the adapter's current one. */
    public void publish(AdapterVersion version) {
        var records = new ArrayList<>(VersionRecords.DEFAULT.version(version));
        records.add(pointer(version));
        write(records);
    }

    /**
     * Makes an earlier version current again.
     *
     * @throws IllegalArgumentException if the topic does not have it whole
     */
    public void rollBack(String adapterId, long step) {
        AdapterIds.check(adapterId);
        AdapterVersion version =
                new AdapterTopicReader(topic)
                        .fetch(adapterId, step)
                        .orElseThrow(() -> missing(adapterId, step));
        write(List.of(pointer(version)));
    }

    /** Takes the adapter's pointer away: it has no current version any more. */
    public void unpublish(String adapterId) {
        write(List.of(VersionRecords.pointerRemoval(AdapterIds.check(adapterId))));
    }

    private void write(List<TopicRecord> records) {
        try {
            int partitions = producer.partitionsFor(topic.name()).size();
            writeAll(records, partitions);
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + topic.name()
                            + ") must take records at "
                            + topic.servers()
                            + ". Kafka says: "
                            + e.getMessage(),
                    e);
        }
    }

    private void writeAll(List<TopicRecord> records, int partitions) {
        producer.beginTransaction();
        try {
            records.forEach(record -> producer.send(record.toKafka(topic.name(), partitions)));
            producer.commitTransaction();
        } catch (ProducerFencedException e) {
            // another writer took the name over, and with it this transaction
            throw e;
        } catch (KafkaException e) {
            producer.abortTransaction();
            throw e;
        }
    }

    private IllegalArgumentException missing(String adapterId, long step) {
        return new IllegalArgumentException(
                "Version "
                        + TopicKey.version(adapterId, step)
                        + " must be in topic "
                        + topic.name()
                        + ". Maybe it is older than versions.keep.");
    }

    private static TopicRecord pointer(AdapterVersion version) {
        return VersionRecords.pointer(version.adapterId(), version.step(), version.sha256());
    }

    @Override
    public void close() {
        producer.close();
    }
}
