package io.flinkpeft.flink;

import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.ReplayReservoir;
import io.flinkpeft.flink.state.Turn;
import java.util.List;
import java.util.Optional;

/** Says what the worker does next for an adapter, from its slot and its state. */
final class StepPlanner {

    private final TrainingSettings settings;
    private final KeyedStates states;

    StepPlanner(TrainingSettings settings, KeyedStates states) {
        this.settings = settings;
        this.states = states;
    }

    /** The oldest closed turn, which stays in the queue until it is done. */
    Work turn(AdapterSlot slot) throws Exception {
        Subject subject = subject(slot);
        Turn turn = slot.queue.get().first();
        slot.running = true;
        if (turn instanceof Turn.Order order) {
            return new Work.Obey(subject, order.control());
        }
        List<Example> examples = turn.examples();
        return new Work.Train(subject, examples, replayed(slot, examples));
    }

    /** A version without a turn. */
    Work cut(AdapterSlot slot) throws Exception {
        Subject subject = subject(slot);
        slot.running = true;
        return new Work.Cut(subject);
    }

    private Subject subject(AdapterSlot slot) throws Exception {
        var told = slot.settings.get();
        var onDevice = slot.adapter.get();
        if (onDevice.isPresent()) {
            return new Subject.OnDevice(told, onDevice.get());
        }
        return states.adapter(slot.adapterId)
                .<Subject>map(state -> new Subject.InState(told, state))
                .orElseGet(() -> new Subject.Fresh(told, slot.adapterId));
    }

    private List<Example> replayed(AdapterSlot slot, List<Example> batch) throws Exception {
        Replay replay = settings.replay();
        if (!replay.on()
                || slot.settings.get().paused()
                || batch.stream()
                        .map(Example::content)
                        .noneMatch(settings.trainer().task()::learnsFrom)) {
            return List.of();
        }
        return reservoir(slot).sample(replay.perBatch(), settings.trainer().seed());
    }

    /** Offers what was learnt to the adapter's reservoir, if replay is on. */
    void remember(AdapterSlot slot, List<Example> learnt) throws Exception {
        Replay replay = settings.replay();
        if (replay.on() && !learnt.isEmpty()) {
            long seed = settings.trainer().seed();
            slot.replay.set(Optional.of(reservoir(slot).plus(learnt, replay.size(), seed)));
        }
    }

    private ReplayReservoir reservoir(AdapterSlot slot) throws Exception {
        if (slot.replay.get().isEmpty()) {
            slot.replay.settle(Optional.of(states.replay(slot.adapterId)));
        }
        return slot.replay.get().orElseThrow();
    }
}
