package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.kafka.PublishedVersions.Kept;
import io.flinkpeft.kafka.topic.HeldRecords;
import io.flinkpeft.kafka.topic.TopicRecord;
import io.flinkpeft.kafka.topic.VersionRecords;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the versions of the current key that wait into records: a version, the pointer to it,
 * removals of versions that are too many. A step that was reached before is not written again.
 */
final class VersionPublication {

    private static final Logger LOG = LoggerFactory.getLogger(VersionPublication.class);

    /** What became of a version. */
    enum Result {
        PUBLISHED,
        STALE
    }

    /** What is made of the pointer. */
    enum Pointer {
        /** It names the version. */
        MOVES,
        /** Somebody set it since the version was cut, and it stays. */
        STAYS
    }

    private final PublishedVersions states;
    private final VersionRecords records;
    private final int keep;
    private Map<String, HeldRecords> found = Map.of();

    VersionPublication(PublishedVersions states, VersionRecords records, int keep) {
        this.states = states;
        this.records = records;
        this.keep = keep;
    }

    /** What the topic holds of adapters that are to be dropped. */
    void dropsAlso(Map<String, HeldRecords> found) {
        this.found = found;
    }

    /** Publishes the version of a step, or finds that there is nothing to do. */
    Result publish(long step, Pointer pointer, Consumer<TopicRecord> out) throws Exception {
        var waiting = states.waiting(step);
        states.done(step);
        if (waiting.isEmpty()) {
            return Result.STALE;
        }
        AdapterVersion version = waiting.get();
        if (isReached(version)) {
            checkSame(version);
            checkDropped(version);
            return Result.STALE;
        }
        if (version.removes()) {
            remove(version, out);
        } else {
            write(version, pointer, out);
        }
        return Result.PUBLISHED;
    }

    /**
     * A drop ends what others wrote, whatever their steps. Where the topic holds something from
     * before it, it was never made, however far the topic has come.
     */
    private boolean isReached(AdapterVersion version) throws Exception {
        if (version.removes()) {
            return version.step() <= states.newest() && held(version).oldest() > version.step();
        }
        return version.step() <= states.newest() || version.step() <= states.newestKept();
    }

    private HeldRecords held(AdapterVersion version) {
        return found.getOrDefault(version.adapterId(), HeldRecords.NONE);
    }

    private void write(AdapterVersion version, Pointer pointer, Consumer<TopicRecord> out)
            throws Exception {
        records.version(version).forEach(out);
        states.keep(new Kept(version.step(), records.chunks(version), version.sha256()));
        states.reached(version.step());
        if (pointer == Pointer.STAYS) {
            return; // and with it the version that it names, however old
        }
        out.accept(VersionRecords.pointer(version.adapterId(), version.step(), version.sha256()));
        var kept = states.kept();
        for (Kept old : kept.subList(0, Math.max(0, kept.size() - keep))) {
            forget(version.adapterId(), old, out);
        }
    }

    /**
     * Takes away the pointer, even if none is known, and all that is known or found in the topic.
     * The pointer goes first: a reader never sees one to a version that is not there.
     */
    private void remove(AdapterVersion version, Consumer<TopicRecord> out) throws Exception {
        String adapterId = version.adapterId();
        states.reached(version.step());
        var removals = new LinkedHashMap<String, TopicRecord>();
        Consumer<TopicRecord> add = record -> removals.putIfAbsent(record.key(), record);
        add.accept(VersionRecords.pointerRemoval(adapterId));
        for (Kept old : states.kept()) {
            forget(adapterId, old, add);
        }
        held(version).removals().forEach(add);
        removals.values().forEach(out);
    }

    private void forget(String adapterId, Kept old, Consumer<TopicRecord> out) throws Exception {
        states.forget(old.step());
        VersionRecords.removal(adapterId, old.step(), old.chunks()).forEach(out);
    }

    private void checkSame(AdapterVersion version) throws Exception {
        var other =
                states.kept(version.step())
                        .map(Kept::sha256)
                        .filter(sha256 -> !sha256.equals(version.sha256()));
        if (other.isPresent()) {
            LOG.warn(
                    "Version {} with SHA-256 ({}) must have that of the topic, {}; it is not"
                            + " published. Maybe the job was restored from an older state with"
                            + " other settings.",
                    version.name(),
                    version.sha256(),
                    other.get());
        }
    }

    /** Steps do not tell a drop that was made before from one that came too late. */
    private void checkDropped(AdapterVersion version) {
        if (version.removes() && held(version).oldest() < Long.MAX_VALUE) {
            LOG.warn(
                    "Adapter {} is not dropped at step {}: the topic has its versions from step {}"
                            + " on. They are of an adapter that began anew behind this drop; but if"
                            + " the job was restored from an older state, take them away by a tool.",
                    version.adapterId(),
                    version.step(),
                    held(version).oldest());
        }
    }
}
