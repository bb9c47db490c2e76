package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
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

    private final class Live extends AdapterAround {
        private boolean closed;

        Live(LiveAdapter adapter) {
            super(adapter);
            mostOnDevice.accumulateAndGet(onDevice.incrementAndGet(), Math::max);
        }

        @Override
        LiveAdapter around(LiveAdapter published) {
            return new Live(published);
        }

        @Override
        public AdapterState snapshot() {
            if (closed) {
                throw new IllegalStateException("A freed adapter was read.");
            }
            return super.snapshot();
        }

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("An adapter was freed twice.");
            }
            closed = true;
            onDevice.decrementAndGet();
            super.close();
        }
    }

    private final class Observed extends TrainerAround {
        Observed(Trainer trainer) {
            super(trainer);
        }

        @Override
        LiveAdapter around(LiveAdapter adapter) {
            return new Live(adapter);
        }

        @Override
        public LiveAdapter restore(AdapterState state, AdapterSettings settings) {
            restored.incrementAndGet();
            return super.restore(state, settings);
        }

        @Override
        public List<BatchOutcome> step(List<Batch> batches) {
            permits.acquireUninterruptibly();
            stepSizes.add(batches.size());
            return super.step(batches);
        }

        @Override
        public void close() {
            openTrainers.decrementAndGet();
            super.close();
        }
    }
}
