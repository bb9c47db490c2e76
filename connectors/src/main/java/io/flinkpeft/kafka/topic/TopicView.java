package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.StoredVersions.Stored;
import io.flinkpeft.serve.VersionSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a subscriber knows of an adapter topic, record by record. While it catches up it only takes
 * note; then it tells what is current, and from there on every change at once.
 *
 * <p>Of an adapter it tells the version that the pointer names or, if that is not there whole or
 * cannot be used, the newest one before it; never one that is newer than the pointer.
 *
 * <p>Not for several threads, but for {@link #earlier}.
 */
final class TopicView {

    /** Reads again what was dropped or never kept. */
    interface Rescan {
        Map<TopicKey, Lookup> find(VersionIndex.Span span, Set<TopicKey> versions);
    }

    /**
     * What the listener was told.
     *
     * @param step the pointer's
     * @param sha256 the pointer's
     * @param offered the step of the version that it was told of; -1 if of none
     */
    private record Told(long step, String sha256, long offered) {
        static final Told NOTHING = new Told(-1, "", -1);
    }

    private record Asked(String adapterId, long step) {}

    private final VersionSource.Listener listener;
    private final Rescan rescan;
    private final StoredVersions store;
    private final PendingVersions pending;
    private final VersionIndex index = new VersionIndex();
    private final ForeignRecords foreign = new ForeignRecords();
    private final Map<String, Told> told = new HashMap<>();
    private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();

    private volatile long tellings;
    private boolean catchingUp = true;
    private final Map<String, TopicEntry.Pointer> pointers = new TreeMap<>();
    private final Map<String, Stored> candidates = new HashMap<>();

    TopicView(
            VersionSource.Listener listener,
            VersionLimits limits,
            StoredVersions store,
            Rescan rescan) {
        this.listener = listener;
        this.rescan = rescan;
        this.store = store;
        this.pending = new PendingVersions(limits, store);
    }

    void accept(ConsumerRecord<byte[], byte[]> record) {
        TopicKey key;
        try {
            key = TopicKey.parse(record.key());
        } catch (InvalidRecordException e) {
            foreign.add(record, e);
            return;
        }
        switch (key.kind()) {
            case CLAIM -> {} // concerns writers
            case VERSION, CHUNK -> {
                index.accept(key, record);
                pending.accept(key, record);
            }
            case POINTER -> acceptPointer(key, record);
        }
    }

    private void acceptPointer(TopicKey key, ConsumerRecord<byte[], byte[]> record) {
        try {
            if (TopicEntry.read(key, record) instanceof TopicEntry.Pointer pointer) {
                point(pointer);
            } else {
                remove(key.adapterId());
            }
        } catch (InvalidRecordException e) {
            listener.refused(key.adapterId(), "Pointer of " + key + ": " + e.getMessage());
        }
    }

    private void remove(String adapterId) {
        pointers.remove(adapterId);
        free(candidates.remove(adapterId));
        if (!catchingUp) {
            forget(adapterId);
        }
    }

    private void point(TopicEntry.Pointer pointer) {
        String adapterId = pointer.key().adapterId();
        if (catchingUp) {
            pointers.put(adapterId, pointer);
            pending.take(pointer)
                    .version()
                    .ifPresent(version -> free(candidates.put(adapterId, version)));
        } else if (!isTold(pointer) || isMissing(pointer) && pending.find(pointer).isFound()) {
            tell(pointer, find(pointer));
        }
    }

    private void free(Stored before) {
        Optional.ofNullable(before).ifPresent(store::free);
    }

    private Optional<Stored> candidate(TopicEntry.Pointer pointer) {
        return Optional.ofNullable(candidates.get(pointer.key().adapterId()))
                .filter(version -> version.step() == pointer.step())
                .filter(version -> version.sha256().equals(pointer.sha256()));
    }

    /** All that was there at the start has been read: tells what is current. */
    void caughtUp() {
        foreign.report();
        catchingUp = false;
        Map<TopicKey, Lookup> found = findAgain();
        for (var pointer : List.copyOf(pointers.values())) {
            if (isTold(pointer)) {
                continue;
            }
            var candidate = candidate(pointer);
            if (candidate.isPresent()) {
                candidates.remove(pointer.key().adapterId());
                tell(pointer, new Lookup.Found(candidate.get()));
            } else {
                var lookup = Optional.ofNullable(found.remove(pointer.target()));
                tell(pointer, checked(lookup.orElse(Lookup.UNSEEN), pointer));
            }
        }
        var gone = new HashSet<>(told.keySet());
        gone.removeAll(pointers.keySet());
        gone.forEach(this::forget);
        found.values().forEach(this::free);
        forgetCandidates();
        answer();
    }

    /** The topic is to be read from its beginning once more. */
    void startOver() {
        catchingUp = true;
        forgetCandidates();
        pending.clear();
        index.clear();
    }

    private void forgetCandidates() {
        pointers.clear();
        candidates.values().forEach(store::free);
        candidates.clear();
    }

    /** What pointers name and no candidate is, a pass over each partition. */
    private Map<TopicKey, Lookup> findAgain() {
        var spans = new HashMap<Integer, VersionIndex.Span>();
        var wanted = new HashMap<Integer, Set<TopicKey>>();
        for (var pointer : pointers.values()) {
            var span = index.find(pointer.target());
            if (span.isPresent() && !isTold(pointer) && candidate(pointer).isEmpty()) {
                int partition = span.get().partition();
                spans.merge(partition, span.get(), VersionIndex.Span::and);
                wanted.computeIfAbsent(partition, p -> new LinkedHashSet<>()).add(pointer.target());
            }
        }
        var found = new HashMap<TopicKey, Lookup>();
        wanted.forEach((partition, set) -> found.putAll(rescan.find(spans.get(partition), set)));
        return found;
    }

    /** The version of a pointer; what is not in the topic is not looked for. */
    private Lookup find(TopicEntry.Pointer pointer) {
        Lookup lookup = pending.take(pointer);
        return lookup == Lookup.UNSEEN ? checked(readAgain(pointer.target()), pointer) : lookup;
    }

    private Lookup readAgain(TopicKey version) {
        return index.find(version)
                .map(span -> rescan.find(span, Set.of(version)).get(version))
                .orElse(Lookup.UNSEEN);
    }

    private Lookup checked(Lookup lookup, TopicEntry.Pointer pointer) {
        Lookup checked = lookup.checked(pointer);
        if (!checked.isFound()) {
            free(lookup);
        }
        return checked;
    }

    private void tell(TopicEntry.Pointer pointer, Lookup lookup) {
        String adapterId = pointer.key().adapterId();
        long offered = told(adapterId).offered();
        if (lookup instanceof Lookup.Found found) {
            told.put(adapterId, new Told(pointer.step(), pointer.sha256(), pointer.step()));
            current(found.stored());
            return;
        }
        told.put(adapterId, new Told(pointer.step(), pointer.sha256(), offered));
        listener.refused(
                adapterId,
                lookup instanceof Lookup.Broken broken
                        ? broken.reason()
                        : "Version " + pointer.target() + " must be in the topic.");
        boolean stays = offered >= 0 && offered <= pointer.step();
        if (!stays && !tellBefore(adapterId, pointer.step()) && offered >= 0) {
            offer(adapterId, -1);
            listener.removed(adapterId);
        }
    }

    /**
     * Asks for the newest version before one that was told; answered by {@link #answer}. Any thread
     * may ask.
     */
    void earlier(String adapterId, long step) {
        asked.add(new Asked(adapterId, step));
    }

    /** How often it told of a version; any thread may ask. */
    long tellings() {
        return tellings;
    }

    /** Tells what was asked for, if nothing else was told meanwhile. */
    void answer() {
        for (Asked next = asked.poll(); next != null; next = asked.poll()) {
            if (told(next.adapterId()).offered() == next.step()
                    && !tellBefore(next.adapterId(), next.step())) {
                listener.none(next.adapterId(), next.step());
            }
        }
    }

    /** Tells the newest version before a step that is there whole; false if there is none. */
    private boolean tellBefore(String adapterId, long step) {
        Optional<TopicKey> before = index.before(adapterId, step);
        while (before.isPresent()) {
            Lookup lookup = pending.take(before.get());
            if (!lookup.isFound()) {
                lookup = readAgain(before.get());
            }
            if (lookup instanceof Lookup.Found found) {
                offer(adapterId, before.get().step());
                current(found.stored());
                return true;
            }
            before = index.before(adapterId, before.get().step());
        }
        return false;
    }

    private void offer(String adapterId, long step) {
        told.computeIfPresent(adapterId, (id, now) -> new Told(now.step(), now.sha256(), step));
    }

    private void current(Stored stored) {
        var version = store.load(stored);
        store.free(stored);
        listener.current(version);
        tellings++; // one thread writes
    }

    private void free(Lookup lookup) {
        lookup.version().ifPresent(store::free);
    }

    private void forget(String adapterId) {
        boolean offered = told(adapterId).offered() >= 0;
        told.remove(adapterId);
        if (offered) {
            listener.removed(adapterId);
        }
    }

    private Told told(String adapterId) {
        return told.getOrDefault(adapterId, Told.NOTHING);
    }

    private boolean isTold(TopicEntry.Pointer pointer) {
        Told now = told(pointer.key().adapterId());
        return now.step() == pointer.step() && now.sha256().equals(pointer.sha256());
    }

    private boolean isMissing(TopicEntry.Pointer pointer) {
        return told(pointer.key().adapterId()).offered() != pointer.step();
    }
}
