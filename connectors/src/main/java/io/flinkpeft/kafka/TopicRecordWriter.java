package io.flinkpeft.kafka;

import io.flinkpeft.kafka.topic.TopicRecord;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Hands topic records to Flink's Kafka sink, which asks for the topic's name as well: it lists open
 * transactions by it.
 */
final class TopicRecordWriter
        implements KafkaRecordSerializationSchema<TopicRecord>, KafkaDatasetFacetProvider {

    private final String topic;

    TopicRecordWriter(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            TopicRecord record, KafkaSinkContext context, Long timestamp) {
        return record.toKafka(topic, context.getPartitionsForTopic(topic).length);
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        var topics = DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic));
        return Optional.of(new DefaultKafkaDatasetFacet(topics));
    }
}
