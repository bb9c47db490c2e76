package io.flinkpeft.example.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * All that a reader of committed records has ever seen in an adapter topic, in its order. It is
 * read with Kafka's consumer alone: none of our code decides what counts.
 */
final class TopicHistory implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    private TopicHistory(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        this.consumer = consumer;
        this.partitions = partitions;
    }

    /** Follows a topic from its beginning. */
    static TopicHistory of(String servers, String topic) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers", servers,
                        "isolation.level", "read_committed",
                        "default.api.timeout.ms", 5000,
                        "request.timeout.ms", 5000,
                        "reconnect.backoff.max.ms", 200);
        var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new TopicHistory(consumer, partitions);
    }

    /** Reads on for a moment. */
    void poll() {
        consumer.poll(POLL).forEach(records::add);
    }

    /** Reads to the end of what is committed now. */
    void readToEnd() {
        Map<TopicPartition, Long> ends = ends();
        while (ends.entrySet().stream()
                .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            poll();
        }
    }

    private Map<TopicPartition, Long> ends() {
        while (true) {
            try {
                return consumer.endOffsets(partitions);
            } catch (RetriableException brokerIsAway) {
                poll();
            }
        }
    }

    /** The records so far. */
    List<ConsumerRecord<String, byte[]>> records() {
        return records;
    }

    /** For each {@code adapter@step} the SHA-256 of value and headers, as often as it came. */
    Map<String, List<String>> versions() {
        var versions = new LinkedHashMap<String, List<String>>();
        for (var record : records) {
            if (isVersion(record)) {
                versions.computeIfAbsent(record.key(), key -> new ArrayList<>())
                        .add(digest(record));
            }
        }
        return versions;
    }

    /** For each adapter the steps that it pointed to, in order. */
    Map<String, List<Long>> pointers() {
        var pointers = new TreeMap<String, List<Long>>();
        for (var record : records) {
            if (isPointer(record)) {
                String step = new String(record.value(), StandardCharsets.UTF_8);
                pointers.computeIfAbsent(record.key(), key -> new ArrayList<>())
                        .add(Long.valueOf(step));
            }
        }
        return pointers;
    }

    static boolean isVersion(ConsumerRecord<String, byte[]> record) {
        return record.key().indexOf('@') > 0;
    }

    private static boolean isPointer(ConsumerRecord<String, byte[]> record) {
        return !record.key().contains("@");
    }

    private static String digest(ConsumerRecord<String, byte[]> record) {
        var sha256 = new ListHash().add(record.value());
        for (Header header : record.headers()) {
            sha256.add(header.key().getBytes(StandardCharsets.UTF_8)).add(header.value());
        }
        return sha256.hex();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
