package io.flinkpeft.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Records to a topic, and all that it holds. */
final class TopicRecords {

    private final String servers;

    TopicRecords(String servers) {
        this.servers = servers;
    }

    void send(String topic, List<ProducerRecord<String, String>> records) {
        Map<String, Object> config = Map.of("bootstrap.servers", servers);
        var strings = new StringSerializer();
        try (var producer = new KafkaProducer<>(config, strings, strings)) {
            for (var record : records) {
                producer.send(
                        new ProducerRecord<>(
                                topic, record.partition(), record.key(), record.value()));
            }
        }
    }

    List<ConsumerRecord<String, String>> all(String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed");
        var strings = new StringDeserializer();
        var records = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = new KafkaConsumer<>(config, strings, strings)) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(50)).forEach(records::add);
            }
        }
        return records;
    }
}
