package io.flinkpeft.example.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkpeft.example.wordnet.Gloss;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Brings the stream to its topic as fast as it is consumed: a new gloss for each that everybody is
 * done with, its timestamp the present time.
 */
final class GlossProducer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaProducer<byte[], byte[]> producer;
    private final Observations seen;
    private final int maxAhead;
    private int next;

    GlossProducer(String servers, Observations seen, int maxAhead) {
        var config = new Properties();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        // the order of the stream is its subject
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, Topics.LINGER_MILLIS);
        this.producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.seen = seen;
        this.maxAhead = maxAhead;
    }

    /** Produces what may be produced now. */
    void produce() {
        int end = Math.min(seen.stream().size(), seen.done() + maxAhead);
        while (next < end) {
            long now = System.currentTimeMillis();
            byte[] value = json(seen.stream().glosses().get(next));
            producer.send(new ProducerRecord<>(Topics.GLOSSES, 0, now, null, value));
            seen.produced(next++, now);
        }
    }

    static byte[] json(Gloss gloss) {
        try {
            return JSON.writeValueAsBytes(
                    Map.of(
                            "adapter", Settings.ADAPTER,
                            "text", gloss.text(),
                            "label", gloss.label()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
