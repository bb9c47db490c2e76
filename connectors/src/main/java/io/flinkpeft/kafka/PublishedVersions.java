package io.flinkpeft.kafka;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.flink.state.AdapterVersionTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;

/**
 * The states of the adapter that is the current key: versions that wait to be published, and what
 * the topic holds of it.
 */
final class PublishedVersions {

    /** State: whole versions that are not known to be in the topic, by step. */
    static final String WAITING = "waiting-versions";

    /** State: versions in the topic, by step; the number of their chunks and their SHA-256. */
    static final String KEPT = "kept-versions";

    /** State: the newest step that this job published, or at which it dropped the adapter. */
    static final String NEWEST = "newest-step";

    /** A version that the topic holds. */
    record Kept(long step, int chunks, String sha256) {}

    private final MapState<Long, AdapterVersion> waiting;
    private final MapState<Long, Tuple2<Integer, String>> kept;
    private final ValueState<Long> newest;

    PublishedVersions(KeyedStateStore store) {
        waiting =
                store.getMapState(
                        new MapStateDescriptor<>(
                                WAITING, Types.LONG, AdapterVersionTypeInfo.INSTANCE));
        kept =
                store.getMapState(
                        new MapStateDescriptor<>(
                                KEPT, Types.LONG, Types.TUPLE(Types.INT, Types.STRING)));
        newest = store.getState(new ValueStateDescriptor<>(NEWEST, Types.LONG));
    }

    void await(AdapterVersion version) throws Exception {
        waiting.put(version.step(), version);
    }

    List<Long> waitingSteps() throws Exception {
        var steps = new TreeSet<Long>();
        waiting.keys().forEach(steps::add);
        return List.copyOf(steps);
    }

    /** The version of a step, if it waits. */
    Optional<AdapterVersion> waiting(long step) throws Exception {
        return Optional.ofNullable(waiting.get(step));
    }

    void done(long step) throws Exception {
        waiting.remove(step);
    }

    /** -1 if there was none yet. */
    long newest() throws Exception {
        return Optional.ofNullable(newest.value()).orElse(-1L);
    }

    /** That of this adapter in the topic, whoever wrote it; -1 if there is none. */
    long newestKept() throws Exception {
        long step = -1;
        for (long kept : kept.keys()) {
            step = Math.max(step, kept);
        }
        return step;
    }

    void reached(long step) throws Exception {
        if (step > newest()) {
            newest.update(step);
        }
    }

    /** The topic holds it. */
    void keep(Kept version) throws Exception {
        kept.put(version.step(), Tuple2.of(version.chunks(), version.sha256()));
    }

    /** The version of a step, if the topic holds it. */
    Optional<Kept> kept(long step) throws Exception {
        return Optional.ofNullable(kept.get(step)).map(found -> new Kept(step, found.f0, found.f1));
    }

    /** All that the topic holds, the oldest first. */
    List<Kept> kept() throws Exception {
        var all = new TreeMap<Long, Kept>();
        for (var entry : kept.entries()) {
            long step = entry.getKey();
            all.put(step, new Kept(step, entry.getValue().f0, entry.getValue().f1));
        }
        return new ArrayList<>(all.values());
    }

    void forget(long step) throws Exception {
        kept.remove(step);
    }

    void forgetAll() {
        kept.clear();
    }
}
