package io.flinkpeft.kafka.topic;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One subtask of a job that writes an adapter topic.
 *
 * @param id the job's, which no other job has
 * @param job what people call it
 * @param subtask its number
 * @param parallelism how many subtasks there are
 * @param before what the state that the job was restored from says of who wrote then
 */
public record TopicWriter(String id, String job, int subtask, int parallelism, Before before) {

    /**
     * How a job writes.
     *
     * @param topic the adapter topic
     * @param transactionalIdPrefix begins its transactional ids
     * @param transactionTimeout after how long Kafka gives up a transaction that is not finished
     * @param takeover what to do if another job writes the topic
     */
    public record Settings(
            AdapterTopic topic,
            String transactionalIdPrefix,
            Duration transactionTimeout,
            Takeover takeover)
            implements Serializable {

        public Settings {
            if (transactionTimeout.toMillis() < 1) {
                throw new IllegalArgumentException(
                        "adapters.transaction-timeout ("
                                + transactionTimeout
                                + ") must be at least 1 ms.");
            }
        }
    }

    /** What a job does if another writes the topic. */
    public enum Takeover {
        /** It is refused. */
        REFUSED,
        /** It shuts the other out. */
        WANTED
    }

    /**
     * What the state knows.
     *
     * @param writers the ids of the jobs that left the state and may have written the topic
     * @param transactionalIds theirs, as {@link TopicPublisher#transactionalIds} gave them; the
     *     last ones that are known to have written stand last
     * @param offsets of each partition: what lies before is in the state
     */
    public record Before(
            List<String> writers, List<String> transactionalIds, Map<Integer, Long> offsets) {

        public Before {
            writers = List.copyOf(writers);
            transactionalIds = List.copyOf(transactionalIds);
            offsets = Map.copyOf(offsets);
        }
    }

    TransactionalIds transactionalIds(String prefix) {
        return new TransactionalIds(prefix + "-" + id, parallelism);
    }
}
