package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterStateCodec;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Any trainer, of which every step is written down: a digest of the state that it made. A step that
 * is taken again after a failure must make the same. Has the faults of {@link Fault}.
 */
final class RecordedTrainer implements Trainer.Factory {

    private static final long serialVersionUID = 1;

    private static final int MANY = 1_000_000;
    private static final Map<String, String> STATES = new ConcurrentHashMap<>();
    private static final Map<String, String> DIVERGED = new ConcurrentHashMap<>();
    private static final AtomicInteger OPENED = new AtomicInteger();

    /** A step takes one permit; there are enough until {@link #holdSteps}. */
    private static final Semaphore PERMITS = new Semaphore(MANY);

    private final Trainer.Factory inner;

    RecordedTrainer(Trainer.Factory inner) {
        this.inner = inner;
    }

    /** Steps that begin from now on do not end, whoever interrupts them. */
    static void holdSteps() {
        PERMITS.drainPermits();
    }

    /** How many steps are held. */
    static int heldSteps() {
        return PERMITS.getQueueLength();
    }

    static void releaseSteps() {
        PERMITS.drainPermits();
        PERMITS.release(MANY);
    }

    /** Forgets what was recorded. */
    static void reset() {
        STATES.clear();
        DIVERGED.clear();
        OPENED.set(0);
    }

    /** A digest of each adapter's state behind each of its steps. */
    static Map<String, String> states() {
        return new TreeMap<>(STATES);
    }

    /** The steps that made different states when they were taken again. */
    static Map<String, String> diverged() {
        return new TreeMap<>(DIVERGED);
    }

    /** How many trainers were opened. */
    static int opened() {
        return OPENED.get();
    }

    @Override
    public Trainer open() {
        Fault.OPEN.pass();
        OPENED.incrementAndGet();
        return new Recorded(inner.open());
    }

    private static final class Live extends AdapterAround {
        Live(LiveAdapter inner) {
            super(inner);
        }

        @Override
        LiveAdapter around(LiveAdapter published) {
            return new Live(published);
        }

        @Override
        public AdapterState snapshot() {
            Fault.SNAPSHOT.pass();
            return super.snapshot();
        }

        private void record() {
            AdapterState state = super.snapshot();
            String name = state.adapterId() + "@" + state.step();
            String digest = Sha256.of(AdapterStateCodec.toBytes(state));
            String before = STATES.putIfAbsent(name, digest);
            if (before != null && !before.equals(digest)) {
                DIVERGED.put(name, before + " and " + digest);
            }
        }
    }

    private final class Recorded extends TrainerAround {
        Recorded(Trainer inner) {
            super(inner);
        }

        @Override
        LiveAdapter around(LiveAdapter adapter) {
            return new Live(adapter);
        }

        @Override
        public List<BatchOutcome> step(List<Batch> batches) {
            Fault.STEP.pass();
            PERMITS.acquireUninterruptibly(); // native code hears no interrupt
            var outcomes = super.step(batches);
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i).after() != batches.get(i).adapter()) {
                    ((Live) outcomes.get(i).after()).record();
                }
            }
            return outcomes;
        }

        @Override
        public void close() {
            super.close();
            Fault.CLOSE.pass();
        }
    }
}
