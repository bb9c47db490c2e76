package io.flinkpeft.kafka;

import io.flinkpeft.event.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes rejected records as {@link DeadLetterSink} says. */
final class DeadLetterSerializer implements KafkaRecordSerializationSchema<Rejected> {

    private static final int MAX_REASON_LENGTH = 10_000;

    private final String topic;

    DeadLetterSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Rejected rejected, KafkaSinkContext context, Long timestamp) {
        byte[] payload = rejected.payload();
        boolean tooLong = payload.length > DeadLetterSink.MAX_PAYLOAD_BYTES;
        var record =
                new ProducerRecord<>(
                        topic,
                        rejected.adapterId() == null ? null : utf8(rejected.adapterId()),
                        tooLong
                                ? Arrays.copyOf(payload, DeadLetterSink.MAX_PAYLOAD_BYTES)
                                : payload);
        header(record, DeadLetterSink.REASON, shortened(rejected.reason()));
        header(record, DeadLetterSink.TIMESTAMP, rejected.timestampMillis());
        if (rejected.adapterId() != null) {
            header(record, DeadLetterSink.ADAPTER, rejected.adapterId());
        }
        if (rejected.topic() != null) {
            header(record, DeadLetterSink.TOPIC, rejected.topic());
            header(record, DeadLetterSink.PARTITION, rejected.partition());
            header(record, DeadLetterSink.OFFSET, rejected.offset());
        }
        if (tooLong) {
            header(record, DeadLetterSink.TRUNCATED_FROM, payload.length);
        }
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, Object value) {
        record.headers().add(name, utf8(value.toString()));
    }

    private static String shortened(String reason) {
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_LENGTH));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
