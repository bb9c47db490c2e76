package io.flinkpeft.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkpeft.event.Example;
import io.flinkpeft.testing.TinyModels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A topic of four partitions with examples of adapters a and b spread over all of them, a label
 * behind some, duplicates and late records among them. The last partition begins in the middle.
 */
final class SpreadExamples {

    static final int PARTITIONS = 4;
    static final int EPOCHS = 4;
    static final int EPOCH_EXAMPLES = 48;

    /** Duplicates, labels that come too late, and a late example. */
    static final int DEAD = EPOCHS * EPOCH_EXAMPLES / 6 * 2 * 2 + 1;

    private static final long EPOCH_MILLIS = 1000L * EPOCH_EXAMPLES;

    /** The event time from which on the last partition has records. */
    static final long MIDDLE = EPOCHS / 2 * EPOCH_MILLIS;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A record without its partition. */
    private record Draft(long time, String key, ObjectNode json) {}

    private final List<Draft> drafts = new ArrayList<>();

    private SpreadExamples() {}

    /** All records, for each partition in its order. */
    static List<ProducerRecord<String, String>> records() {
        var examples = new SpreadExamples();
        List<Example> forward = TinyModels.examples("a");
        List<Example> backward = new ArrayList<>(forward);
        Collections.reverse(backward);
        for (int i = 0; i < EPOCHS * EPOCH_EXAMPLES; i++) {
            examples.draft("a", forward.get(i % EPOCH_EXAMPLES), i);
            examples.draft("b", backward.get(i % EPOCH_EXAMPLES), i);
        }
        return examples.spread();
    }

    private void draft(String adapter, Example example, int i) {
        long time = 1000L * i;
        String id = "id-" + i;
        switch (i % 6) {
            case 0 -> add(adapter, time, text(id, example).put("label", example.label()));
            case 1 -> {
                add(adapter, time, text(id, example));
                add(adapter, time + 1500, label(id, example.label()));
            }
            case 2 -> {
                add(adapter, time, text(id, example).put("label", example.label()));
                add(adapter, time + 2000, text(id, example).put("label", "again"));
            }
            case 3 -> {
                add(adapter, time, text(id, example).put("label", example.label()));
                add(adapter, time + 20_000, label(id, "too late"));
            }
            default -> add(adapter, time, text(null, example).put("label", example.label()));
        }
    }

    private static ObjectNode text(String id, Example example) {
        ObjectNode json = MAPPER.createObjectNode().put("text", example.text());
        return id == null ? json : json.put("id", id);
    }

    private static ObjectNode label(String id, String label) {
        return MAPPER.createObjectNode().put("id", id).put("label", label);
    }

    private void add(String key, long time, ObjectNode json) {
        drafts.add(new Draft(time, key, json.put("timestamp", time)));
    }

    private List<ProducerRecord<String, String>> spread() {
        drafts.sort(Comparator.comparingLong(Draft::time));
        var records = new ArrayList<ProducerRecord<String, String>>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            int partitions = draft.time() < MIDDLE ? PARTITIONS - 1 : PARTITIONS;
            records.add(record(i % partitions, draft.key(), draft.json()));
        }
        var late = text(null, TinyModels.examples("a").get(0)).put("timestamp", 10);
        records.add(records.size() / 4, record(1, "a", late));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            records.add(heartbeat(partition));
        }
        return records;
    }

    /** Moves a partition behind all examples. */
    static ProducerRecord<String, String> heartbeat(int partition) {
        var json = MAPPER.createObjectNode().put("heartbeat", true).put("timestamp", 10 * MIDDLE);
        return record(partition, null, json);
    }

    private static ProducerRecord<String, String> record(
            int partition, String key, ObjectNode json) {
        return new ProducerRecord<>("topic", partition, key, json.toString());
    }

    /** Whether a record's event time is not before this. */
    static Predicate<ProducerRecord<String, String>> since(long millis) {
        return record -> {
            try {
                return MAPPER.readTree(record.value()).get("timestamp").asLong() >= millis;
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
    }
}
