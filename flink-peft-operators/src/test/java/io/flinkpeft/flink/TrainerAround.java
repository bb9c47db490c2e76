package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.util.List;

/** A trainer around another, for tests that watch or disturb it. */
abstract class TrainerAround implements Trainer {

    private final Trainer inner;

    TrainerAround(Trainer inner) {
        this.inner = inner;
    }

    /** What stands for an adapter outside; the adapter itself where nobody watches it. */
    LiveAdapter around(LiveAdapter adapter) {
        return adapter;
    }

    private static LiveAdapter inner(LiveAdapter adapter) {
        return adapter instanceof AdapterAround around ? around.inner : adapter;
    }

    @Override
    public LiveAdapter create(String adapterId, AdapterSettings settings) {
        return around(inner.create(adapterId, settings));
    }

    @Override
    public LiveAdapter restore(AdapterState state, AdapterSettings settings) {
        return around(inner.restore(state, settings));
    }

    @Override
    public void check(AdapterState state, AdapterSettings settings) {
        inner.check(state, settings);
    }

    @Override
    public void checkMethod(String method) {
        inner.checkMethod(method);
    }

    @Override
    public void trial() {
        inner.trial();
    }

    @Override
    public List<BatchOutcome> step(List<Batch> batches) {
        var unwrapped =
                batches.stream()
                        .map(
                                b ->
                                        new Batch(
                                                inner(b.adapter()),
                                                b.settings(),
                                                b.examples(),
                                                b.replayed()))
                        .toList();
        var outcomes = inner.step(unwrapped).iterator();
        return batches.stream().map(b -> outcome(b.adapter(), outcomes.next())).toList();
    }

    private BatchOutcome outcome(LiveAdapter before, BatchOutcome outcome) {
        return new BatchOutcome(
                outcome.after() == inner(before) ? before : around(outcome.after()),
                outcome.loss(),
                outcome.results(),
                outcome.learnt(),
                outcome.rejected(),
                outcome.tokens(),
                outcome.truncated());
    }

    @Override
    public AdapterVersion version(LiveAdapter adapter) {
        return inner.version(inner(adapter));
    }

    @Override
    public void close() {
        inner.close();
    }
}
