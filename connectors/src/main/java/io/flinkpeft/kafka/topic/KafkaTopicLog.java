package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The log of an adapter topic in Kafka. */
final class KafkaTopicLog implements TopicLog {

    private final AdapterTopic topic;
    private final TopicAdmin admin;

    KafkaTopicLog(AdapterTopic topic) {
        this.topic = topic;
        this.admin = new TopicAdmin(topic);
    }

    @Override
    public TopicPlace committedEnds() {
        return admin.committedEnds();
    }

    @Override
    public TopicPlace ends() {
        return admin.ends();
    }

    @Override
    public void read(
            Map<Integer, Long> from,
            TopicPlace end,
            Duration patience,
            Consumer<ConsumerRecord<byte[], byte[]>> action) {
        read(topic, Isolation.READ_COMMITTED, from, end, patience, action);
    }

    /** Reads some partitions of a topic to its end, with a consumer of its own. */
    static void read(
            AdapterTopic topic,
            Isolation isolation,
            Map<Integer, Long> from,
            TopicPlace end,
            Duration patience,
            Consumer<ConsumerRecord<byte[], byte[]>> action) {
        var to = new HashMap<TopicPartition, Long>();
        for (int partition : from.keySet()) {
            to.put(new TopicPartition(topic.name(), partition), end.offset(partition));
        }
        try (var consumer = TopicConsumer.toEnds(topic, isolation)) {
            consumer.connect(from);
            consumer.readTo(to, patience, action);
        }
    }

    @Override
    public void shutOut(Collection<String> transactionalIds) {
        admin.shutOut(transactionalIds);
    }

    @Override
    public Transactions transactions(String transactionalId, Duration timeout) {
        return new TopicProducer(topic, transactionalId, timeout);
    }

    @Override
    public void close() {
        admin.close();
    }
}
