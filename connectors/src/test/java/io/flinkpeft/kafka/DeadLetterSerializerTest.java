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
        var record = write(new Rejected("It must be ü.", "a", "in", 3, 17, 99, payload));
        assertThat(record.topic()).isEqualTo("dead");
        assertThat(record.key()).isEqualTo("a".getBytes(UTF_8));
        assertThat(record.value()).isEqualTo(payload);
        assertThat(headers(record))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "peft.reason", "It must be ü.",
                                "peft.adapter", "a",
                                "peft.topic", "in",
                                "peft.partition", "3",
                                "peft.offset", "17",
                                "peft.timestamp", "99"));
    }

    @Test
    void whatIsNotKnownHasNoHeader() {
        var record = write(new Rejected("why", null, null, -1, -1, 99, new byte[0]));
        assertThat(record.key()).isNull();
        assertThat(headers(record)).containsOnlyKeys("peft.reason", "peft.timestamp");
    }

    @Test
    void whatKafkaWouldRefuseIsTruncated() {
        var record = write(new Rejected("w".repeat(99_999), "a", "in", 0, 0, 0, new byte[900_001]));
        assertThat(record.value()).hasSize(900_000);
        assertThat(headers(record)).containsEntry("peft.truncated-from", "900001");
        assertThat(headers(record).get("peft.reason")).hasSize(10_000);
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
