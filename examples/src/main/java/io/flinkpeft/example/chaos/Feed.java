package io.flinkpeft.example.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Brings a workload's examples to their topic, a portion after the other, so that there is always
 * something to train on when a fault hits. The last quarter waits until all faults have hit.
 *
 * <p>What is in the topic at the end is the same each time, offset by offset.
 */
final class Feed implements AutoCloseable {

    private static final int PORTION = 20;
    private static final int PAUSE_MILLIS = 500;

    private final KafkaProducer<String, byte[]> producer;
    private final List<ProducerRecord<String, byte[]>> records;
    private final Thread thread = new Thread(this::run, "feed");
    private volatile boolean faultsAreOver;

    private Feed(
            KafkaProducer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> records) {
        this.producer = producer;
        this.records = records;
    }

    /** Begins to feed a topic that is there and empty. */
    static Feed start(String servers, Workload workload) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers", servers,
                        // in their order and once, whatever happens to the broker
                        "enable.idempotence", true,
                        "delivery.timeout.ms", 300_000,
                        "max.block.ms", 300_000,
                        "reconnect.backoff.max.ms", 200);
        var producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        var feed = new Feed(producer, workload.records());
        feed.thread.start();
        return feed;
    }

    private void run() {
        int held = records.size() * 3 / 4;
        try {
            for (int i = 0; i < records.size(); i++) {
                while (i >= held && !faultsAreOver) {
                    Thread.sleep(PAUSE_MILLIS);
                }
                producer.send(records.get(i));
                if (i % PORTION == 0 && !faultsAreOver) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException | InterruptException e) {
            // closed
        }
    }

    /** Lets all the rest go at once. */
    void faultsAreOver() {
        faultsAreOver = true;
    }

    @Override
    public void close() {
        thread.interrupt();
        producer.close(Duration.ofSeconds(10));
    }
}
