package io.flinkpeft.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkpeft.event.Rejected;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterSerializerTest {

    private final DeadLetterSerializer serializer = new DeadLetterSerializer("dead");

    @Test
    void theValueIsTheRecordAndHeadersSayWhyAndFromWhere() {
        byte[] payload = {1, 2, 3};
        var record = write(rejected("It must be ü.", "a", new byte[] {9}, "in", payload));
        assertThat(record.topic()).isEqualTo("dead");
        assertThat(record.key()).isEqualTo(new byte[] {9});
        assertThat(record.value()).isEqualTo(payload);
        assertThat(headers(record))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "peft.reason", "It must be ü.",
                                "peft.cause", "field",
                                "peft.adapter", "a",
                                "peft.topic", "in",
                                "peft.partition", "3",
                                "peft.offset", "17",
                                "peft.timestamp", "99"));
    }

    @Test
    void whatIsNotKnownHasNoHeader() {
        var record = write(rejected("why", null, null, null, new byte[0]));
        assertThat(record.key()).isNull();
        assertThat(headers(record)).containsOnlyKeys("peft.reason", "peft.cause", "peft.timestamp");
    }

    @Test
    void whatKafkaWouldRefuseIsTruncated() {
        var record =
                write(
                        rejected(
                                "w".repeat(99_999),
                                "a".repeat(5_000),
                                new byte[50_001],
                                "in",
                                new byte[900_001]));
        assertThat(record.key()).hasSize(50_000);
        assertThat(headers(record)).containsEntry("peft.key-truncated-from", "50001");
        assertThat(headers(record).get("peft.adapter")).hasSize(1_000);
        assertThat(record.value()).hasSize(900_000);
        assertThat(headers(record)).containsEntry("peft.truncated-from", "900001");
        assertThat(headers(record).get("peft.reason")).hasSize(10_000);
    }

    @Test
    void theKeyIsThatOfTheRecordOrElseTheAdapter() {
        byte[] key = {(byte) 0xE9};
        assertThat(write(rejected("why", "a", key, "in", new byte[0])).key()).isEqualTo(key);
        assertThat(write(rejected("why", "a", null, "in", new byte[0])).key()).isNull();
        assertThat(write(rejected("why", "a", null, null, new byte[0])).key())
                .isEqualTo("a".getBytes(UTF_8));
    }

    private static Rejected rejected(
            String reason, String adapter, byte[] key, String topic, byte[] payload) {
        return new Rejected(Rejected.Cause.FIELD, reason, adapter, key, topic, 3, 17, 99, payload);
    }

    @Test
    void aSinkNeedsServersAndTopic() {
        assertThatThrownBy(() -> DeadLetterSink.builder().bootstrapServers("x:1").build())
                .hasMessage("Dead letter sink must have a topic.");
        assertThatThrownBy(() -> DeadLetterSink.builder().topic("dead").build())
                .hasMessage("Dead letter sink must have bootstrap servers.");
    }

    private ProducerRecord<byte[], byte[]> write(Rejected rejected) {
        return serializer.serialize(rejected, null, null);
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        var headers = new TreeMap<String, String>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
