package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to an adapter topic in transactions that begin and end in one call. Not for several
 * threads.
 */
final class TopicProducer implements AutoCloseable {

    private final AdapterTopic topic;
    private final KafkaProducer<byte[], byte[]> producer;

    /**
     * Opens a producer. What another with the same transactional id has not committed by now is
     * given up, and that one is shut out.
     */
    TopicProducer(AdapterTopic topic, String transactionalId, Duration timeout) {
        this.topic = topic;
        var config = topic.producerConfig(transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) timeout.toMillis());
        var bytes = new ByteArraySerializer();
        this.producer = new KafkaProducer<>(config, bytes, bytes);
        try {
            producer.initTransactions();
        } catch (TimeoutException e) {
            producer.close(Duration.ZERO);
            throw topic.unreachable(e);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Writes all records in one transaction. */
    void write(List<TopicRecord> records) {
        write(out -> records.forEach(out));
    }

    /**
     * Writes in one transaction.
     *
     * @throws ShutOutException if another took the transactional id, and with it the transaction
     * @throws IllegalStateException if Kafka does not take it
     */
    void write(TopicPublisher.Content content) {
        try {
            int partitions = producer.partitionsFor(topic.name()).size();
            producer.beginTransaction();
            content.writeTo(record -> producer.send(record.toKafka(topic.name(), partitions)));
            producer.commitTransaction();
        } catch (KafkaException e) {
            if (isShutOut(e)) {
                throw new ShutOutException(topic, e);
            }
            abort();
            if (isShutOut(e.getCause())) {
                throw new ShutOutException(topic, e);
            }
            throw notTaken(e);
        } catch (RuntimeException e) {
            abort();
            throw e;
        } catch (Exception e) {
            abort();
            throw notTaken(e);
        }
    }

    /** The last of these if the other took the id between a record and the commit. */
    private static boolean isShutOut(Throwable e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidTxnStateException;
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            // the first error says more; Kafka gives the transaction up after its timeout
        }
    }

    private IllegalStateException notTaken(Exception e) {
        return new IllegalStateException(
                "Adapter topic ("
                        + topic.name()
                        + ") must take records at "
                        + topic.servers()
                        + ". Kafka says: "
                        + e.getMessage(),
                e);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
