package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.flink.config.Batching;
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

    /** The adapter's slot, as its states are now. */
    AdapterSlot slot(String id, Batching batching) throws Exception {
        return at(
                id,
                () ->
                        new AdapterSlot(
                                id,
                                new Tracked<>(settings(), settings::update),
                                new Tracked<>(new EventQueue(batching, queue()), this::write),
                                new Tracked<>(
                                        Optional.ofNullable(lastEvents.value()),
                                        time -> lastEvents.update(time.orElse(null))),
                                new Tracked<>(
                                        Optional.empty(),
                                        live -> adapters.update(live.orElseThrow().snapshot())),
                                new Tracked<>(
                                        Optional.empty(),
                                        replay -> replays.update(replay.orElseThrow()))));
    }

    private AdapterSettings settings() throws Exception {
        return Optional.ofNullable(settings.value()).orElse(AdapterSettings.DEFAULT);
    }

    private TrainingQueue queue() throws Exception {
        return Optional.ofNullable(queues.value()).orElse(TrainingQueue.EMPTY);
    }

    private void write(EventQueue queue) throws Exception {
        TrainingQueue left = queue.snapshot();
        queues.update(left.isEmpty() ? null : left); // null clears
    }

    /** The adapter as of its last write, if it was ever trained. */
    Optional<AdapterState> adapter(String id) throws Exception {
        return Optional.ofNullable(at(id, adapters::value));
    }

    /** Some adapter that was trained, if there is one; of the job's own method if some are. */
    Optional<Subject.InState> anyTrained() throws Exception {
        List<String> some;
        try (Stream<String> keys = backend.getKeys(TrainerStates.ADAPTER, VoidNamespace.INSTANCE)) {
            some = keys.limit(SOME).toList();
        }
        for (String id : some) {
            if (!at(id, this::settings).ownMethod()) {
                return Optional.of(inState(id));
            }
        }
        return some.isEmpty() ? Optional.empty() : Optional.of(inState(some.get(0)));
    }

    private Subject.InState inState(String id) throws Exception {
        return new Subject.InState(at(id, this::settings), adapter(id).orElseThrow());
    }

    ReplayReservoir replay(String id) throws Exception {
        return Optional.ofNullable(at(id, replays::value)).orElse(ReplayReservoir.EMPTY);
    }

    /** The latest event time of an adapter that has one. */
    long lastEvent(String id) throws Exception {
        return at(id, lastEvents::value);
    }

    /** Writes what changed. */
    void write(AdapterSlot slot) throws Exception {
        at(
                slot.adapterId,
                () -> {
                    for (Tracked<?> each : slot.tracked()) {
                        each.write();
                    }
                    return null;
                });
    }

    /** Removes what an adapter learnt and what it would learn again. */
    void forget(AdapterSlot slot) throws Exception {
        at(
                slot.adapterId,
                () -> {
                    adapters.clear();
                    replays.clear();
                    return null;
                });
        slot.adapter.settle(slot.adapter.get());
        slot.replay.settle(Optional.of(ReplayReservoir.EMPTY));
    }

    /** The adapters whose queue is not empty, sorted. */
    List<String> queued() {
        return keys(TrainerStates.QUEUE);
    }

    /** Whether an adapter whose queue is not empty has a turn to take. */
    boolean hasClosedTurns(String id) throws Exception {
        return !at(id, this::queue).closed().isEmpty();
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
