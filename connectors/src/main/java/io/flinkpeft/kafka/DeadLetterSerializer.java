package io.flinkpeft.kafka;

import io.flinkpeft.event.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes rejected records as {@link DeadLetterSink} says. */
final class DeadLetterSerializer implements KafkaRecordSerializationSchema<Rejected> {

    private static final int MAX_REASON_LENGTH = 10_000;
    private static final int MAX_ADAPTER_LENGTH = 1_000;

    private final String topic;

    DeadLetterSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Rejected rejected, KafkaSinkContext context, Long timestamp) {
        byte[] key = key(rejected);
        byte[] payload = rejected.payload();
        var record =
                new ProducerRecord<>(
                        topic,
                        cut(key, DeadLetterSink.MAX_KEY_BYTES),
                        cut(payload, DeadLetterSink.MAX_PAYLOAD_BYTES));
        header(record, DeadLetterSink.REASON, shortened(rejected.reason(), MAX_REASON_LENGTH));
        header(record, DeadLetterSink.CAUSE, rejected.cause().name().toLowerCase(Locale.ROOT));
        header(record, DeadLetterSink.TIMESTAMP, rejected.timestampMillis());
        Optional.ofNullable(rejected.adapterId())
                .map(adapter -> shortened(adapter, MAX_ADAPTER_LENGTH))
                .ifPresent(adapter -> header(record, DeadLetterSink.ADAPTER, adapter));
        if (rejected.topic() != null) {
            header(record, DeadLetterSink.TOPIC, rejected.topic());
            header(record, DeadLetterSink.PARTITION, rejected.partition());
            header(record, DeadLetterSink.OFFSET, rejected.offset());
        }
        if (record.value().length < payload.length) {
            header(record, DeadLetterSink.TRUNCATED_FROM, payload.length);
        }
        if (key != null && record.key().length < key.length) {
            header(record, DeadLetterSink.KEY_TRUNCATED_FROM, key.length);
        }
        return record;
    }

    /** The record's own, also if it has none; else the adapter. */
    private static byte[] key(Rejected rejected) {
        return rejected.key() != null || rejected.topic() != null || rejected.adapterId() == null
                ? rejected.key()
                : utf8(rejected.adapterId());
    }

    private static byte[] cut(byte[] bytes, int most) {
        return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, Object value) {
        record.headers().add(name, utf8(value.toString()));
    }

    private static String shortened(String text, int most) {
        return text.substring(0, Math.min(text.length(), most));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
