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
 * Brings a workload's examples to their topic, a share of them before each fault and the last when
 * all have hit. A share comes in portions that become smaller, so that there is something to train
 * on however long the fault lets wait.
 *
 * <p>What is in the topic at the end is the same each time, offset by offset.
 */
final class Feed implements AutoCloseable {

    /** Of what is left of a share; of a whole share, at least; and milliseconds. */
    private static final int PORTION = 8;

    private static final int LEAST_PORTION = 48;

    private static final int PAUSE_MILLIS = 500;

    private final KafkaProducer<String, byte[]> producer;
    private final List<ProducerRecord<String, byte[]>> records;
    private final Thread thread = new Thread(this::run, "feed");
    private final int shares;
    private volatile int share = 1;

    private Feed(
            KafkaProducer<String, byte[]> producer,
            List<ProducerRecord<String, byte[]>> records,
            int shares) {
        this.producer = producer;
        this.records = records;
        this.shares = shares;
    }

    /**
     * Begins to feed a topic that is there and empty.
     *
     * @param faults how many shares there are but the last
     */
    static Feed start(String servers, Workload workload, int faults) {
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
        var feed = new Feed(producer, workload.records(), faults + 1);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try {
            int sent = 0;
            while (sent < records.size()) {
                int left = records.size() * share / shares - sent;
                int least = records.size() / (shares * LEAST_PORTION) + 1;
                int shrinking = Math.max(least, (left + PORTION - 1) / PORTION);
                int portion = share == shares ? left : Math.min(left, shrinking);
                for (int i = 0; i < portion; i++) {
                    producer.send(records.get(sent++));
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException | InterruptException e) {
            // closed
        }
    }

    /** A fault has hit: the next share may come. */
    void faultHasHit() {
        share = Math.min(share + 1, shares);
    }

    @Override
    public void close() {
        thread.interrupt();
        producer.close(Duration.ofSeconds(10));
    }
}
