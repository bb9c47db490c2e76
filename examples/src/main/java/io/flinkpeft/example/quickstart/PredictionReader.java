package io.flinkpeft.example.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topic of predictions from its beginning. */
final class PredictionReader implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Observations seen;

    PredictionReader(String servers, Observations seen) {
        var config = new Properties();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        this.consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.seen = seen;
        var partition = List.of(new TopicPartition(Topics.PREDICTIONS, 0));
        consumer.assign(partition);
        consumer.seekToBeginning(partition);
    }

    /** Waits for predictions, at most for that long, and notes them. */
    void read(Duration timeout) {
        var records = consumer.poll(timeout);
        long now = System.currentTimeMillis();
        for (var record : records) {
            seen.predicted(Prediction.parse(record.value()), now);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
