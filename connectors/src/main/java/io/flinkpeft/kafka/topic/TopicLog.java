package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The log of an adapter topic, as its writers need it: {@link KafkaTopicLog}, or one in memory in
 * tests. Not for several threads.
 */
interface TopicLog extends AutoCloseable {

    /** Where each partition ends for readers of committed records. */
    TopicPlace committedEnds();

    /** Where each partition ends, open transactions included. */
    TopicPlace ends();

    /**
     * Reads the committed records of some partitions.
     *
     * @param from where to begin in each
     * @param end where all partitions end
     * @param patience how long to wait for the next record
     * @throws IllegalStateException if none comes for so long, as where a transaction is open
     */
    void read(
            Map<Integer, Long> from,
            TopicPlace end,
            Duration patience,
            Consumer<ConsumerRecord<byte[], byte[]>> action);

    /** Gives up the open transactions of these ids, and shuts out who has them. */
    void shutOut(Collection<String> transactionalIds);

    /**
     * Opens what writes in transactions. What another with the same id has not committed by now is
     * given up, and that one is shut out.
     *
     * @param timeout after how long a transaction that is not finished is given up
     */
    Transactions transactions(String transactionalId, Duration timeout);

    @Override
    void close();

    /** Writes in transactions, each of which begins and ends in one call. */
    interface Transactions extends AutoCloseable {

        /**
         * Writes in one transaction.
         *
         * @param partitions how many partitions adapters are spread over
         * @throws ShutOutException if another took the transactional id, and with it the
         *     transaction
         * @throws IllegalStateException if the log does not take it
         */
        void write(int partitions, TopicPublisher.Content content);

        @Override
        void close();
    }
}
