package io.flinkpeft.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.event.PrequentialResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Prequential results as JSON records under the adapter's id. A field that has no value is null;
 * topic, partition and offset say which example it was, also when a record comes twice.
 */
final class PredictionJson implements KafkaRecordSerializationSchema<PrequentialResult> {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String topic;

    PredictionJson(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            PrequentialResult result, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic, result.adapterId().getBytes(StandardCharsets.UTF_8), value(result));
    }

    private static byte[] value(PrequentialResult result) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("adapter", result.adapterId());
        json.put("step", result.step());
        json.put("predicted", result.predicted());
        json.put("score", Double.isNaN(result.score()) ? null : (Double) result.score());
        json.put("label", result.label());
        json.put("correct", result.correct());
        json.put("loss", Double.isFinite(result.loss()) ? (Double) result.loss() : null);
        json.put("timestamp", result.timestampMillis());
        json.put("topic", result.topic());
        json.put("partition", result.partition());
        json.put("offset", result.offset());
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
