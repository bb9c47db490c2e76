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

        private static final Duration SHORTEST = Duration.ofMillis(1);
        private static final Duration LONGEST = Duration.ofDays(24); // Kafka takes an int

        public Settings {
            if (transactionTimeout.compareTo(SHORTEST) < 0
                    || transactionTimeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "adapters.transaction-timeout ("
                                + transactionTimeout
                                + ") must be at least 1 ms and at most 24 d.");
            }
        }

        /** A transaction that nobody finishes ends by itself, a tool's too. */
        Duration patience() {
            Duration longest =
                    transactionTimeout.compareTo(AdapterTopicWriter.TIMEOUT) > 0
                            ? transactionTimeout
                            : AdapterTopicWriter.TIMEOUT;
            return longest.plus(topic.connectTimeout());
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
     * @param shutOut how the ids begin of those that must not write any more
     * @param partitions how many partitions adapters are spread over; 0 if it is not known
     * @param place what lies before it is in the state
     */
    public record Before(
            List<String> writers,
            List<String> transactionalIds,
            List<String> shutOut,
            int partitions,
            TopicPlace place) {

        /** Of a job without state. */
        public static final Before NOTHING =
                new Before(List.of(), List.of(), List.of(), 0, TopicPlace.NONE);

        public Before {
            writers = List.copyOf(writers);
            transactionalIds = List.copyOf(transactionalIds);
            shutOut = List.copyOf(shutOut);
        }

        /** What of a topic that ends there is in the state. */
        Map<Integer, Long> offsetsIn(TopicPlace end) {
            return place.isIn(end) ? place.offsets() : Map.of();
        }

        /** From where on claims must be read: release 0.1 did not keep what they said. */
        long claimsIn(TopicPlace end) {
            return place.topicId().isEmpty() ? 0 : offsetsIn(end).getOrDefault(0, 0L);
        }

        /** How many partitions adapters are spread over in a topic that ends there, or 0. */
        private int partitionsIn(TopicPlace end) {
            int known = offsetsIn(end).size();
            return known == 0 || partitions == 0 ? known : partitions;
        }
    }

    /** How many partitions adapters are spread over; partitions that were added get none. */
    int partitions(WriterClaim claim, TopicPlace end) {
        int there = end.offsets().size();
        int claimed = claim == null ? 0 : claim.partitions();
        int known = claimed > 0 ? claimed : before.partitionsIn(end);
        if (known > there) {
            throw new IllegalStateException(
                    "Adapter topic ("
                            + there
                            + " partitions) must have at least "
                            + known
                            + ", as its adapters are spread over so many. Maybe use a new topic.");
        }
        return known > 0 ? known : there;
    }

    TransactionalIds transactionalIds(String prefix) {
        return new TransactionalIds(prefix + "-" + id, parallelism);
    }
}
