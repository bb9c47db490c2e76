package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.train.LiveAdapter;

/** An adapter of a {@link TrainerAround}, for tests that watch or disturb it. */
abstract class AdapterAround implements LiveAdapter {

    final LiveAdapter inner;

    AdapterAround(LiveAdapter inner) {
        this.inner = inner;
    }

    /** What stands for this adapter once a version was cut from it. */
    abstract LiveAdapter around(LiveAdapter published);

    @Override
    public String adapterId() {
        return inner.adapterId();
    }

    @Override
    public long step() {
        return inner.step();
    }

    @Override
    public long publishedStep() {
        return inner.publishedStep();
    }

    @Override
    public PrequentialStatistics statistics() {
        return inner.statistics();
    }

    @Override
    public PrequentialStatistics publishedStatistics() {
        return inner.publishedStatistics();
    }

    @Override
    public long bytes() {
        return inner.bytes();
    }

    @Override
    public AdapterState snapshot() {
        return inner.snapshot();
    }

    @Override
    public LiveAdapter published() {
        return around(inner.published());
    }

    @Override
    public void close() {
        inner.close();
    }
}
