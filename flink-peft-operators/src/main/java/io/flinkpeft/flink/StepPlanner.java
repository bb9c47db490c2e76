package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterState;
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

    /** The oldest closed turn. */
    StepTask step(AdapterSlot slot) throws Exception {
        var turn = slot.queue.first();
        var state = load(slot);
        var rule = rule(slot);
        slot.running = true;
        return new StepTask(
                slot.adapterId,
                slot.settings,
                slot.hot,
                state,
                turn,
                replayed(slot, turn.examples()),
                rule);
    }

    /** A version without a step, if something was learnt since the newest. */
    Optional<StepTask> version(AdapterSlot slot) throws Exception {
        var state = load(slot);
        var rule = rule(slot).now();
        var task =
                new StepTask(
                        slot.adapterId, slot.settings, slot.hot, state, Turn.NONE, List.of(), rule);
        slot.running = rule.due(task.step(), task.examples());
        return slot.running ? Optional.of(task) : Optional.empty();
    }

    private PublishRule rule(AdapterSlot slot) {
        return PublishRule.of(
                settings.publishEverySteps(),
                settings.publishMinExamples(),
                slot.settings,
                slot.publishedStep);
    }

    /** What the worker restores the adapter from; null if it has it, or there is nothing. */
    private AdapterState load(AdapterSlot slot) throws Exception {
        if (slot.hot != null) {
            return null;
        }
        var state = states.adapter(slot.adapterId);
        slot.publishedStep = state == null ? -1 : state.publishedStep();
        return state;
    }

    private List<Example> replayed(AdapterSlot slot, List<Example> batch) throws Exception {
        Replay replay = settings.replay();
        if (!replay.on()
                || slot.settings.paused()
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
            slot.replay = reservoir(slot).plus(learnt, replay.size(), settings.trainer().seed());
            slot.replayDirty = true;
        }
    }

    private ReplayReservoir reservoir(AdapterSlot slot) throws Exception {
        if (slot.replay == null) {
            slot.replay = states.replay(slot.adapterId);
        }
        return slot.replay;
    }
}
