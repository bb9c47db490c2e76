package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Any trainer, watched: its steps can be held, and what is on the device is counted. */
final class ObservedTrainer implements Trainer.Factory {

    private final transient Trainer.Factory inner;

    /** A step takes one permit; there are enough until {@link #holdSteps}. */
    final transient Semaphore permits = new Semaphore(1_000_000);

    /** How many adapters each step had. */
    final transient List<Integer> stepSizes = new CopyOnWriteArrayList<>();

    final transient AtomicInteger restored = new AtomicInteger();
    final transient AtomicInteger onDevice = new AtomicInteger();
    final transient AtomicInteger mostOnDevice = new AtomicInteger();
    final transient AtomicInteger openTrainers = new AtomicInteger();

    ObservedTrainer(Trainer.Factory inner) {
        this.inner = inner;
    }

    void holdSteps() {
        permits.drainPermits();
    }

    void releaseSteps() {
        permits.release(1_000_000);
    }

    @Override
    public Trainer open() {
        openTrainers.incrementAndGet();
        return new Observed(inner.open());
    }

    private final class Live implements Trainer.Adapter {
        final Trainer.Adapter adapter;
        private boolean closed;

        Live(Trainer.Adapter adapter) {
            this.adapter = adapter;
            mostOnDevice.accumulateAndGet(onDevice.incrementAndGet(), Math::max);
        }

        @Override
        public long step() {
            return adapter.step();
        }

        @Override
        public long bytes() {
            return adapter.bytes();
        }

        @Override
        public AdapterState snapshot() {
            if (closed) {
                throw new IllegalStateException("A freed adapter was read.");
            }
            return adapter.snapshot();
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("An adapter was freed twice.");
            }
            closed = true;
            onDevice.decrementAndGet();
            adapter.close();
        }
    }

    private final class Observed implements Trainer {
        private final Trainer trainer;

        Observed(Trainer trainer) {
            this.trainer = trainer;
        }

        @Override
        public Adapter create(String adapterId, AdapterSettings settings) {
            return new Live(trainer.create(adapterId, settings));
        }

        @Override
        public Adapter restore(AdapterState state, AdapterSettings settings) {
            restored.incrementAndGet();
            return new Live(trainer.restore(state, settings));
        }

        @Override
        public List<Outcome> step(List<Batch> batches) {
            permits.acquireUninterruptibly();
            stepSizes.add(batches.size());
            var inner =
                    batches.stream()
                            .map(
                                    b ->
                                            new Batch(
                                                    live(b.adapter()),
                                                    b.settings(),
                                                    b.examples(),
                                                    b.replayed()))
                            .toList();
            var outcomes = trainer.step(inner).iterator();
            return batches.stream().map(b -> watched(b.adapter(), outcomes.next())).toList();
        }

        private Outcome watched(Adapter before, Outcome outcome) {
            return new Outcome(
                    outcome.after() == live(before) ? before : new Live(outcome.after()),
                    outcome.loss(),
                    outcome.results(),
                    outcome.rejected(),
                    outcome.tokens(),
                    outcome.truncated());
        }

        private static Trainer.Adapter live(Adapter adapter) {
            return ((Live) adapter).adapter;
        }

        @Override
        public AdapterVersion version(Adapter adapter) {
            return trainer.version(live(adapter));
        }

        @Override
        public Adapter published(Adapter adapter) {
            return new Live(trainer.published(live(adapter)));
        }

        @Override
        public void close() {
            openTrainers.decrementAndGet();
            trainer.close();
        }
    }
}
