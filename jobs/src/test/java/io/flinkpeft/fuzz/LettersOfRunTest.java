package io.flinkpeft.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** The fuzzer's own account of dead letters: what it takes for a fault, and what not. */
class LettersOfRunTest {

    private static final long TIME = 1_790_000_000_000L;
    private static final String ASKED = value("");

    private final LettersOfRun letters = new LettersOfRun();

    @Test
    void theRecordsBytesAreRight() {
        assertThat(fault(ASKED, "a")).isEmpty();
    }

    @Test
    void anExampleWithTheLabelOfAnotherRecordIsRight() {
        answer("a", "news");
        assertThat(fault(value(",\"label\":\"news\""), "a")).isEmpty();
    }

    @Test
    void aLabelThatNobodySentIsAFault() {
        answer("a", "food");
        assertThat(fault(value(",\"label\":\"news\""), "a")).isPresent();
    }

    @Test
    void aLabelForAnotherAdapterIsAFault() {
        answer("b", "news");
        assertThat(fault(value(",\"label\":\"news\""), "a")).isPresent();
    }

    @Test
    void anotherTextIsAFault() {
        answer("a", "news");
        assertThat(fault(value(",\"label\":\"news\"").replace("rain", "sun"), "a")).isPresent();
    }

    @Test
    void anotherKeyIsAFault() {
        assertThat(fault(ASKED, "b")).isPresent();
    }

    private void answer(String adapter, String label) {
        letters.add(new Feedback(adapter, "e1", label, TIME, OddRecords.TOPIC, 0, 8));
    }

    private Optional<String> fault(String payload, String key) {
        var letter =
                new Rejected(
                        Rejected.Cause.EXAMPLE,
                        "It is odd.",
                        "a",
                        key.getBytes(UTF_8),
                        OddRecords.TOPIC,
                        0,
                        7,
                        TIME,
                        payload.getBytes(UTF_8));
        var record =
                new ConsumerRecord<>(
                        OddRecords.TOPIC,
                        0,
                        7,
                        TIME,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        "a".getBytes(UTF_8),
                        ASKED.getBytes(UTF_8),
                        new RecordHeaders(),
                        Optional.empty());
        TrainingEvent event =
                new Example(
                        "a", "e1", "rain", null, null, null, TIME, OddRecords.TOPIC, 0, 7, null);
        return letters.fault(letter, record, event);
    }

    private static String value(String label) {
        return "{\"text\":\"rain\",\"id\":\"e1\"" + label + ",\"timestamp\":" + TIME + "}";
    }
}
