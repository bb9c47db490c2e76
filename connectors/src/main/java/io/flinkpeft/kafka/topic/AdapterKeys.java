package io.flinkpeft.kafka.topic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The keys under which a topic holds something of some adapters, also what no reader would take.
 */
final class AdapterKeys implements Consumer<ConsumerRecord<byte[], byte[]>> {

    /** Pointers first: a reader never sees one to a version that is not there. */
    private static final Comparator<TopicKey> ORDER =
            Comparator.comparingLong(TopicKey::step).thenComparingInt(TopicKey::chunk);

    private final Map<String, Set<TopicKey>> keys = new HashMap<>();

    AdapterKeys(Set<String> adapterIds) {
        adapterIds.forEach(id -> keys.put(id, new TreeSet<>(ORDER)));
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
        try {
            TopicKey key = TopicKey.parse(record.key());
            Set<TopicKey> held = keys.get(key.adapterId());
            if (held != null && record.value() == null) {
                held.remove(key);
            } else if (held != null) {
                held.add(key);
            }
        } catch (InvalidRecordException e) {
            // nobody's
        }
    }

    /** Records that take all of it away, by adapter. */
    Map<String, List<TopicRecord>> removals() {
        var removals = new HashMap<String, List<TopicRecord>>();
        keys.forEach(
                (id, held) -> {
                    var records = new ArrayList<TopicRecord>(held.size());
                    held.forEach(key -> records.add(VersionRecords.removal(key)));
                    removals.put(id, records);
                });
        return removals;
    }
}
