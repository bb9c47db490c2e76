package io.flinkpeft.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.kafka.topic.AdapterTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a reader of committed records sees of an adapter topic, by adapter, in order. */
final class CommittedRecords {

    private CommittedRecords() {}

    /** Keys, headers and SHA-256 of the values; without the records of writers. */
    static Map<String, List<String>> of(AdapterTopic topic) {
        var all = all(topic);
        all.remove("");
        return all;
    }

    /** The keys of an adapter's records. */
    static List<String> keys(AdapterTopic topic, String adapterId) {
        return of(topic).getOrDefault(adapterId, List.of()).stream()
                .map(text -> text.substring(0, text.indexOf(' ')))
                .toList();
    }

    /** Waits until every transaction that was committed can be read. */
    static void awaitDecided(AdapterTopic topic) {
        read(topic, record -> {});
    }

    private static Map<String, List<String>> all(AdapterTopic topic) {
        var records = new TreeMap<String, List<String>>();
        read(
                topic,
                record -> {
                    String key = new String(record.key(), UTF_8);
                    records.computeIfAbsent(key.split("@")[0], id -> new ArrayList<>())
                            .add(text(key, record));
                });
        return records;
    }

    /** Up to the last record that was written: a commit takes a moment to reach readers. */
    static void read(AdapterTopic topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        try (var written = consumer(topic, "read_uncommitted");
                var consumer = consumer(topic, "read_committed")) {
            var partitions =
                    consumer.partitionsFor(topic.name()).stream()
                            .map(info -> new TopicPartition(topic.name(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = written.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(action);
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(AdapterTopic topic, String isolation) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        topic.servers(),
                        "isolation.level",
                        isolation,
                        // close waits for it
                        "fetch.max.wait.ms",
                        20);
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(config, bytes, bytes);
    }

    private static String text(String key, ConsumerRecord<byte[], byte[]> record) {
        var text = new StringBuilder(key);
        record.headers()
                .forEach(header -> text.append(' ').append(new String(header.value(), UTF_8)));
        return text.append(' ').append(sha256(record.value())).toString();
    }

    private static String sha256(byte[] value) {
        return value == null ? "taken away" : Sha256.of(value);
    }
}
