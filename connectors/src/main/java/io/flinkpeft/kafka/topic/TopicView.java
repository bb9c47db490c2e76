package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.VersionSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a subscriber knows of an adapter topic, record by record. While it catches up it only takes
 * note; then it tells what is current, and from there on every change at once.
 *
 * <p>Not for several threads.
 */
final class TopicView {

    private static final Logger LOG = LoggerFactory.getLogger(TopicView.class);

    /** Reads again what was dropped or never kept: versions of one partition, by their pointers. */
    interface Rescan {
        Map<TopicEntry.Pointer, Lookup> find(Place end, Set<TopicEntry.Pointer> pointers);
    }

    /** A partition and an offset in it. */
    record Place(int partition, long offset) {}

    /** What the listener was told. */
    private record Told(long step, String sha256) {}

    private record Seen(TopicEntry.Pointer pointer, Place place) {}

    private final VersionSource.Listener listener;
    private final Rescan rescan;
    private final PendingVersions pending;
    private final Map<String, Told> told = new HashMap<>();

    private boolean catchingUp = true;
    private final Map<String, Seen> pointers = new TreeMap<>();
    private final Map<String, AdapterVersion> candidates = new HashMap<>();

    TopicView(VersionSource.Listener listener, VersionLimits limits, Rescan rescan) {
        this.listener = listener;
        this.rescan = rescan;
        this.pending = new PendingVersions(limits);
    }

    void accept(ConsumerRecord<byte[], byte[]> record) {
        TopicKey key;
        try {
            key = TopicKey.parse(record.key());
        } catch (InvalidRecordException e) {
            LOG.warn("Passed over {}: {}", at(record), e.getMessage());
            return;
        }
        switch (key.kind()) {
            case CLAIM -> {} // concerns writers
            case VERSION, CHUNK -> pending.accept(key, record);
            case POINTER -> acceptPointer(key, record);
        }
    }

    private void acceptPointer(TopicKey key, ConsumerRecord<byte[], byte[]> record) {
        try {
            if (TopicEntry.read(key, record) instanceof TopicEntry.Pointer pointer) {
                point(pointer, new Place(record.partition(), record.offset()));
            } else {
                remove(key.adapterId());
            }
        } catch (InvalidRecordException e) {
            listener.refused(key.adapterId(), "Pointer of " + key + ": " + e.getMessage());
        }
    }

    private void remove(String adapterId) {
        pointers.remove(adapterId);
        candidates.remove(adapterId);
        if (!catchingUp) {
            forget(adapterId);
        }
    }

    private void point(TopicEntry.Pointer pointer, Place place) {
        if (catchingUp) {
            pointers.put(pointer.key().adapterId(), new Seen(pointer, place));
            Lookup lookup = pending.find(pointer);
            if (lookup.isFound()) {
                candidates.put(pointer.key().adapterId(), lookup.version());
                pending.remove(pointer.target());
            }
            return;
        }
        if (isTold(pointer)) {
            return;
        }
        Lookup lookup = pending.find(pointer);
        if (!lookup.isFound()) {
            lookup = rescan.find(place, Set.of(pointer)).getOrDefault(pointer, Lookup.UNSEEN);
        }
        pending.remove(pointer.target());
        tell(pointer, lookup);
    }

    /** All that was there at the start has been read: tells what is current. */
    void caughtUp() {
        Map<TopicEntry.Pointer, Lookup> found = findAgain();
        for (var seen : List.copyOf(pointers.values())) {
            String adapterId = seen.pointer().key().adapterId();
            AdapterVersion candidate = candidates.get(adapterId);
            if (isNamed(candidate, seen.pointer())) {
                tell(seen.pointer(), Lookup.found(candidate));
                continue;
            }
            Lookup lookup = found.getOrDefault(seen.pointer(), Lookup.UNSEEN);
            if (!lookup.isFound() && candidate != null && !told.containsKey(adapterId)) {
                current(candidate);
            }
            tell(seen.pointer(), lookup);
        }
        var gone = new HashSet<>(told.keySet());
        gone.removeAll(pointers.keySet());
        gone.forEach(this::forget);
        pointers.clear();
        candidates.clear();
        catchingUp = false;
    }

    /** The topic is to be read from its beginning once more. */
    void startOver() {
        catchingUp = true;
        pointers.clear();
        candidates.clear();
    }

    private Map<TopicEntry.Pointer, Lookup> findAgain() {
        var ends = new HashMap<Integer, Long>();
        var wanted = new LinkedHashMap<Integer, Set<TopicEntry.Pointer>>();
        for (var seen : pointers.values()) {
            if (!isNamed(candidates.get(seen.pointer().key().adapterId()), seen.pointer())) {
                int partition = seen.place().partition();
                ends.merge(partition, seen.place().offset(), Math::max);
                wanted.computeIfAbsent(partition, p -> new HashSet<>()).add(seen.pointer());
            }
        }
        var found = new HashMap<TopicEntry.Pointer, Lookup>();
        wanted.forEach(
                (partition, set) ->
                        found.putAll(rescan.find(new Place(partition, ends.get(partition)), set)));
        return found;
    }

    private void tell(TopicEntry.Pointer pointer, Lookup lookup) {
        if (isTold(pointer)) {
            return;
        }
        if (lookup.isFound()) {
            current(lookup.version());
        } else {
            String reason =
                    lookup.isUnseen()
                            ? "Version " + pointer.target() + " must be in the topic."
                            : lookup.reason();
            listener.refused(pointer.key().adapterId(), reason);
        }
    }

    private void current(AdapterVersion version) {
        told.put(version.adapterId(), new Told(version.step(), version.sha256()));
        listener.current(version);
    }

    private void forget(String adapterId) {
        if (told.remove(adapterId) != null) {
            listener.removed(adapterId);
        }
    }

    private boolean isTold(TopicEntry.Pointer pointer) {
        return new Told(pointer.step(), pointer.sha256())
                .equals(told.get(pointer.key().adapterId()));
    }

    private static boolean isNamed(AdapterVersion version, TopicEntry.Pointer pointer) {
        return version != null
                && version.step() == pointer.step()
                && version.sha256().equals(pointer.sha256());
    }

    private static String at(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
