package io.flinkpeft.fuzz;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What dead letters must hold: the bytes of their records, or, of an example that took its label
 * from another record, the example with that label.
 */
final class LettersOfRun {

    private record Id(String adapterId, String id) {}

    private final FuzzedParser parser = new FuzzedParser(PlantedFault.NONE);
    private final Map<Id, Set<String>> labels = new HashMap<>();

    void add(TrainingEvent event) {
        if (event instanceof Feedback feedback) {
            labels.computeIfAbsent(
                            new Id(feedback.adapterId(), feedback.exampleId()),
                            id -> new HashSet<>())
                    .add(feedback.label());
        }
    }

    /** What is wrong with one; empty if nothing is. */
    Optional<String> fault(
            Rejected letter, ConsumerRecord<byte[], byte[]> record, TrainingEvent event) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        boolean same = Arrays.equals(letter.payload(), value) || isAnswered(letter, record, event);
        return same && Arrays.equals(letter.key(), record.key())
                ? Optional.empty()
                : Optional.of("Dead letter " + letter + " has other bytes than its record.");
    }

    /** Sent again, it would be the same example, with a label that came for it. */
    private boolean isAnswered(
            Rejected letter, ConsumerRecord<byte[], byte[]> record, TrainingEvent event) {
        if (!(event instanceof Example example)) {
            return false;
        }
        var again =
                new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.timestampType(),
                        0,
                        0,
                        record.key(),
                        letter.payload(),
                        record.headers(),
                        Optional.empty());
        var read = parser.parse(again).orElseThrow().event();
        return labels.getOrDefault(new Id(example.adapterId(), example.id()), Set.of()).stream()
                .map(label -> example.withLabel(label).with(null))
                .anyMatch(answered -> read instanceof Example e && answered.equals(e.with(null)));
    }
}
