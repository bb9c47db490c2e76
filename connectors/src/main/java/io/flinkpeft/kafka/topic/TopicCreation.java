package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates a topic that can be used then. The controller has it at once, and the leaders of its
 * partitions a little later: one that does not know it yet refuses the first batch of an idempotent
 * producer, may take the next one, and refuses the first for ever.
 */
final class TopicCreation {

    private static final long PAUSE_MILLIS = 20;

    private TopicCreation() {}

    /**
     * Returns when each leader has answered for its partition.
     *
     * @param patience how long brokers may not know the new topic; Kafka's client does not ask
     *     again when one says so
     */
    static void create(Admin admin, NewTopic topic, Duration patience)
            throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(topic)).all().get();
        long start = System.nanoTime();
        while (!leads(admin, topic, start, patience)) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean leads(Admin admin, NewTopic topic, long start, Duration patience)
            throws ExecutionException, InterruptedException {
        var ends = new HashMap<TopicPartition, OffsetSpec>();
        for (int i = 0; i < topic.numPartitions(); i++) {
            ends.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
        }
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (ExecutionException e) {
            boolean known = !(e.getCause() instanceof UnknownTopicOrPartitionException);
            if (known || System.nanoTime() - start > patience.toNanos()) {
                throw e;
            }
            return false;
        }
    }
}
