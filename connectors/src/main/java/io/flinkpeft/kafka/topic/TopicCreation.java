package io.flinkpeft.kafka.topic;

import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Creates a topic that can be used then. The controller has it at once, and the leaders of its
 * partitions a little later: one that does not know it yet refuses the first batch of an idempotent
 * producer, may take the next one, and refuses the first for ever.
 */
final class TopicCreation {

    private TopicCreation() {}

    /** Done when each leader has answered for its partition; Kafka's client asks until it does. */
    static KafkaFuture<Void> create(Admin admin, NewTopic topic)
            throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(topic)).all().get();
        var ends = new HashMap<TopicPartition, OffsetSpec>();
        for (int i = 0; i < topic.numPartitions(); i++) {
            ends.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
        }
        return admin.listOffsets(ends).all().thenApply(answers -> null);
    }
}
