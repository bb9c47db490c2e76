package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/** What a publisher asks the brokers of an adapter topic. */
final class TopicAdmin implements AutoCloseable {

    private final AdapterTopic topic;
    private final Admin admin;

    TopicAdmin(AdapterTopic topic) {
        this.topic = topic;
        this.admin = Admin.create(topic.adminConfig());
    }

    /** Where each partition ends for readers of committed records. */
    TopicPlace committedEnds() {
        return ends(IsolationLevel.READ_COMMITTED);
    }

    /** Where each partition ends, open transactions included. */
    TopicPlace ends() {
        return ends(IsolationLevel.READ_UNCOMMITTED);
    }

    private TopicPlace ends(IsolationLevel isolation) {
        var description =
                get(admin.describeTopics(List.of(topic.name())).allTopicNames()).get(topic.name());
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        for (var partition : description.partitions()) {
            latest.put(
                    new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest());
        }
        var found = get(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all());
        var ends = new HashMap<Integer, Long>();
        found.forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        Uuid id = description.topicId();
        return new TopicPlace(id == null || id.equals(Uuid.ZERO_UUID) ? "" : id.toString(), ends);
    }

    /** Gives up the open transactions of these ids, and shuts out who has them. */
    void shutOut(Collection<String> transactionalIds) {
        if (!transactionalIds.isEmpty()) {
            get(admin.fenceProducers(transactionalIds).all());
        }
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (AdapterTopic.isUnreachable(e.getCause())) {
                throw topic.unreachable(e.getCause());
            }
            throw new IllegalStateException(
                    "Adapter topic ("
                            + topic.name()
                            + ") must be there for its writer at "
                            + topic.servers()
                            + ". Kafka says: "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
