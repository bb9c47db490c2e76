package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.flink.config.Replay;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.flink.state.ReplayReservoir;
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

    /** A step with the oldest closed batch. */
    StepTask step(AdapterSlot slot) throws Exception {
        var batch = slot.queue.first();
        var state = load(slot);
        var rule = new PublishRule(settings.publishEverySteps(), slot.publishedStep);
        slot.running = true;
        return new StepTask(slot.adapterId, slot.hot, state, batch, replayed(slot, batch), rule);
    }

    /** A version without a step, if something was learnt since the newest. */
    Optional<StepTask> version(AdapterSlot slot) throws Exception {
        var state = load(slot);
        long step = slot.hot != null ? slot.hot.step() : state == null ? 0 : state.step();
        var rule = PublishRule.now(slot.publishedStep);
        if (!rule.due(step)) {
            return Optional.empty();
        }
        slot.running = true;
        return Optional.of(
                new StepTask(slot.adapterId, slot.hot, state, List.of(), List.of(), rule));
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
        if (!replay.on() || batch.stream().noneMatch(settings.trainer().head()::learnsFrom)) {
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
