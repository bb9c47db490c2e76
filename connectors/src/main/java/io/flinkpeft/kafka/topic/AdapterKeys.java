package io.flinkpeft.kafka.topic;

import java.util.Comparator;
import java.util.HashMap;
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
            if (!keys.containsKey(key.adapterId())) {
                return; // of another adapter
            }
            Set<TopicKey> held = keys.get(key.adapterId());
            if (TopicEntry.isRemoval(record)) {
                held.remove(key);
            } else {
                held.add(key);
            }
        } catch (InvalidRecordException e) {
            // nobody's
        }
    }

    /** By adapter. */
    Map<String, HeldRecords> held() {
        var all = new HashMap<String, HeldRecords>();
        keys.forEach(
                (id, held) -> {
                    long oldest =
                            held.stream()
                                    .mapToLong(TopicKey::step)
                                    .filter(step -> step >= 0)
                                    .min()
                                    .orElse(Long.MAX_VALUE);
                    var removals = held.stream().map(VersionRecords::removal).toList();
                    all.put(id, new HeldRecords(oldest, removals));
                });
        return all;
    }
}
