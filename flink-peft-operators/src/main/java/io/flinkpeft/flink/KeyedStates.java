package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.flink.state.ReplayReservoir;
import io.flinkpeft.flink.state.TrainerStates;
import io.flinkpeft.flink.state.TrainingQueue;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/** The states of any adapter. Every access leaves the current key as it was. */
final class KeyedStates {

    private interface Access<T> {
        T run() throws Exception;
    }

    /** How many adapters are asked for their method. */
    private static final int SOME = 100;

    private final KeyedStateBackend<String> backend;
    private final ValueState<AdapterState> adapters;
    private final ValueState<AdapterSettings> settings;
    private final ValueState<TrainingQueue> queues;
    private final ValueState<ReplayReservoir> replays;
    private final ValueState<Long> lastEvents;

    KeyedStates(KeyedStateStore store, KeyedStateBackend<String> backend) {
        this.backend = backend;
        this.adapters = store.getState(TrainerStates.adapter());
        this.settings = store.getState(TrainerStates.settings());
        this.queues = store.getState(TrainerStates.queue());
        this.replays = store.getState(TrainerStates.replay());
        this.lastEvents = store.getState(TrainerStates.lastEvent());
    }

    /** Null if it was never trained. */
    AdapterState adapter(String id) throws Exception {
        return at(id, adapters::value);
    }

    AdapterSettings settings(String id) throws Exception {
        var told = at(id, settings::value);
        return told == null ? AdapterSettings.DEFAULT : told;
    }

    /** Some adapter that was trained, if there is one; of the job's own method if some are. */
    Optional<String> anyTrained() throws Exception {
        List<String> some;
        try (Stream<String> keys = backend.getKeys(TrainerStates.ADAPTER, VoidNamespace.INSTANCE)) {
            some = keys.limit(SOME).toList();
        }
        for (String id : some) {
            if (settings(id).method() == null) {
                return Optional.of(id);
            }
        }
        return some.stream().findFirst();
    }

    TrainingQueue queue(String id) throws Exception {
        var queue = at(id, queues::value);
        return queue == null ? TrainingQueue.EMPTY : queue;
    }

    ReplayReservoir replay(String id) throws Exception {
        var replay = at(id, replays::value);
        return replay == null ? ReplayReservoir.EMPTY : replay;
    }

    /** The latest event time of its events; null if there is none since it ended. */
    Long lastEvent(String id) throws Exception {
        return at(id, lastEvents::value);
    }

    /** Writes what is dirty. */
    void write(AdapterSlot slot) throws Exception {
        at(
                slot.adapterId,
                () -> {
                    if (slot.adapterDirty) {
                        adapters.update(slot.hot.snapshot());
                    }
                    if (slot.settingsDirty) {
                        settings.update(slot.settings);
                    }
                    if (slot.queueDirty) {
                        update(slot.queue.snapshot());
                    }
                    if (slot.replayDirty) {
                        replays.update(slot.replay);
                    }
                    if (slot.lastEventDirty) {
                        lastEvents.update(slot.lastEvent); // null clears
                    }
                    return null;
                });
        slot.adapterDirty = false;
        slot.settingsDirty = false;
        slot.queueDirty = false;
        slot.replayDirty = false;
        slot.lastEventDirty = false;
    }

    /** Removes what an adapter learnt and what it would learn again. */
    void forget(String id) throws Exception {
        at(
                id,
                () -> {
                    adapters.clear();
                    replays.clear();
                    return null;
                });
    }

    private void update(TrainingQueue queue) throws Exception {
        if (queue.isEmpty()) {
            queues.clear();
        } else {
            queues.update(queue);
        }
    }

    /** The adapters whose queue is not empty, sorted. */
    List<String> queued() {
        return keys(TrainerStates.QUEUE);
    }

    /** The adapters that were trained, sorted. */
    List<String> trained() {
        return keys(TrainerStates.ADAPTER);
    }

    /** The adapters that had an event and have not ended, sorted. */
    List<String> alive() {
        return keys(TrainerStates.LAST_EVENT);
    }

    /** Does something under an adapter's key. */
    void under(String id, Runnable action) throws Exception {
        at(
                id,
                () -> {
                    action.run();
                    return null;
                });
    }

    private List<String> keys(String state) {
        try (var keys = backend.getKeys(state, VoidNamespace.INSTANCE)) {
            return keys.sorted().toList();
        }
    }

    private <T> T at(String id, Access<T> access) throws Exception {
        String before = backend.getCurrentKey();
        backend.setCurrentKey(id);
        try {
            return access.run();
        } finally {
            if (before != null) {
                backend.setCurrentKey(before);
            }
        }
    }
}
