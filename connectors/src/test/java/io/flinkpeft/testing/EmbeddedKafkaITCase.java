package io.flinkpeft.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaITCase {

    @TempDir Path directory;

    @Test
    void recordsAreThereAfterARestart() throws Exception {
        try (var kafka = EmbeddedKafka.start(directory)) {
            kafka.createTopic("t", 1, Map.of());
            send(kafka.bootstrapServers(), "before");
            kafka.restart();
            send(kafka.bootstrapServers(), "after");
            assertThat(read(kafka.bootstrapServers())).containsExactly("before", "after");
        }
    }

    @Test
    @Tag("nightly")
    void recordsAreThereAfterAKill() throws Exception {
        try (var kafka = KafkaProcess.start(directory)) {
            kafka.createTopic("t", 1, Map.of());
            send(kafka.bootstrapServers(), "before");
            kafka.restart();
            send(kafka.bootstrapServers(), "after");
            assertThat(read(kafka.bootstrapServers())).containsExactly("before", "after");
        }
    }

    private static void send(String servers, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", servers);
        var strings = new StringSerializer();
        try (var producer = new KafkaProducer<>(config, strings, strings)) {
            producer.send(new ProducerRecord<>("t", value)).get();
        }
    }

    private static List<String> read(String servers) {
        Map<String, Object> config = Map.of("bootstrap.servers", servers);
        var strings = new StringDeserializer();
        var partition = List.of(new TopicPartition("t", 0));
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, strings, strings)) {
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            long end = consumer.endOffsets(partition).get(partition.get(0));
            while (consumer.position(partition.get(0)) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
