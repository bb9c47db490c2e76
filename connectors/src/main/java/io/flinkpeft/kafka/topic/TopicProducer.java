package io.flinkpeft.kafka.topic;

import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to an adapter topic in transactions that begin and end in one call. Not for several
 * threads.
 */
final class TopicProducer implements TopicLog.Transactions {

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
        } catch (TimeoutException | AuthenticationException e) {
            producer.close(Duration.ZERO);
            throw topic.unreachable(e);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    @Override
    public void write(int partitions, TopicPublisher.Content content) {
        write(partitions, content, () -> {});
    }

    /** The same with a last check, which finds all records in the log and may still throw. */
    void write(int partitions, TopicPublisher.Content content, Runnable check) {
        try {
            producer.beginTransaction();
            content.writeTo(record -> producer.send(record.toKafka(topic.name(), partitions)));
            producer.flush();
            check.run();
            producer.commitTransaction();
        } catch (KafkaException e) {
            if (isShutOut(e)) {
                throw new ShutOutException(topic, e);
            }
            abort(e);
            throw isShutOut(e.getCause()) ? new ShutOutException(topic, e) : notTaken(e);
        } catch (RuntimeException e) {
            abort(e);
            throw e;
        } catch (Exception e) {
            abort(e);
            throw notTaken(e);
        }
    }

    /** The last of these if the other took the id between a record and the commit. */
    private static boolean isShutOut(Throwable e) {
        return e instanceof ProducerFencedException
                || e instanceof InvalidProducerEpochException
                || e instanceof InvalidTxnStateException;
    }

    /** Kafka gives the transaction up after its timeout if this fails; the first error says why. */
    private void abort(Exception first) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            first.addSuppressed(e);
        }
    }

    /** The first reason: Kafka wraps it in words about the producer's state. */
    private static String reason(Throwable e) {
        Throwable reason = e;
        while (reason.getCause() instanceof KafkaException) {
            reason = reason.getCause();
        }
        return reason.getMessage();
    }

    private IllegalStateException notTaken(Exception e) {
        return new IllegalStateException(
                "Adapter topic ("
                        + topic.name()
                        + ") must take records at "
                        + topic.servers()
                        + ". Kafka says: "
                        + reason(e),
                e);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
