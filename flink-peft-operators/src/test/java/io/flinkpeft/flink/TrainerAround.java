package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import java.util.List;

/** A trainer around another, for tests that watch or disturb it. */
abstract class TrainerAround implements Trainer {

    /** An adapter around one of the inner trainer. */
    abstract static class Live implements Adapter {
        final Adapter inner;

        Live(Adapter inner) {
            this.inner = inner;
        }

        @Override
        public long step() {
            return inner.step();
        }

        @Override
        public long bytes() {
            return inner.bytes();
        }

        @Override
        public long examples() {
            return inner.examples();
        }

        @Override
        public AdapterState snapshot() {
            return inner.snapshot();
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private final Trainer inner;

    TrainerAround(Trainer inner) {
        this.inner = inner;
    }

    /** What stands for an adapter outside. */
    abstract Live around(Adapter adapter);

    private static Adapter inner(Adapter adapter) {
        return ((Live) adapter).inner;
    }

    @Override
    public Adapter create(String adapterId, AdapterSettings settings) {
        return around(inner.create(adapterId, settings));
    }

    @Override
    public Adapter restore(AdapterState state, AdapterSettings settings) {
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
    public List<Outcome> step(List<Batch> batches) {
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

    private Outcome outcome(Adapter before, Outcome outcome) {
        return new Outcome(
                outcome.after() == inner(before) ? before : around(outcome.after()),
                outcome.loss(),
                outcome.predicted(),
                outcome.results(),
                outcome.rejected(),
                outcome.tokens(),
                outcome.truncated());
    }

    @Override
    public AdapterVersion version(Adapter adapter) {
        return inner.version(inner(adapter));
    }

    @Override
    public Adapter published(Adapter adapter) {
        return around(inner.published(inner(adapter)));
    }

    @Override
    public void close() {
        inner.close();
    }
}
