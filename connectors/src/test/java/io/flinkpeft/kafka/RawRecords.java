package io.flinkpeft.kafka;

import io.flinkpeft.kafka.topic.AdapterTopic;
import io.flinkpeft.kafka.topic.TopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records of an adapter topic, written past all rules, and what compaction would leave of it. */
final class RawRecords {

    private RawRecords() {}

    /** Writes records, spread over so many partitions. */
    static void write(AdapterTopic topic, int partitions, List<TopicRecord> records)
            throws Exception {
        var bytes = new ByteArraySerializer();
        Map<String, Object> config = Map.of("bootstrap.servers", topic.servers());
        try (var producer = new KafkaProducer<>(config, bytes, bytes)) {
            for (TopicRecord record : records) {
                producer.send(record.toKafka(topic.name(), partitions)).get();
            }
        }
    }

    /** The keys that hold something, with their partitions; without the claim. */
    static Map<String, List<Integer>> held(AdapterTopic topic) {
        var held = new HashMap<TopicPartition, Map<String, Integer>>();
        for (var record : committed(topic)) {
            var partition = new TopicPartition(record.topic(), record.partition());
            var keys = held.computeIfAbsent(partition, p -> new TreeMap<>());
            if (record.value() == null) {
                keys.remove(new String(record.key()));
            } else {
                keys.put(new String(record.key()), record.partition());
            }
        }
        var partitions = new TreeMap<String, List<Integer>>();
        for (var keys : held.values()) {
            keys.forEach((k, p) -> partitions.computeIfAbsent(k, x -> new ArrayList<>()).add(p));
        }
        partitions.remove("@writer");
        return partitions;
    }

    private static List<ConsumerRecord<byte[], byte[]>> committed(AdapterTopic topic) {
        CommittedRecords.awaitDecided(topic);
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        CommittedRecords.read(topic, records::add);
        return records;
    }
}
