package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.PrequentialStatistics;
import java.util.concurrent.atomic.AtomicInteger;

/** The adapters of {@link OnlineTrainer}: tensors on its device, and what they are of. */
final class DeviceAdapter implements LiveAdapter {

    /** What all adapters of a setup have in common. */
    record Origin(String baseHash, String method, Numerics numerics) {}

    private final TrainingSetup setup;
    private final Progress progress;
    private final RowLayout rowLayout;
    private final AdapterTensors tensors;
    // tensors may be shared with the same adapter after published()
    private final AtomicInteger owners;
    private boolean closed;

    DeviceAdapter(
            TrainingSetup setup, Progress progress, RowLayout rowLayout, AdapterTensors tensors) {
        this(setup, progress, rowLayout, tensors, new AtomicInteger(1));
    }

    private DeviceAdapter(
            TrainingSetup setup,
            Progress progress,
            RowLayout rowLayout,
            AdapterTensors tensors,
            AtomicInteger owners) {
        this.setup = setup;
        this.progress = progress;
        this.rowLayout = rowLayout;
        this.tensors = tensors;
        this.owners = owners;
    }

    @Override
    public String adapterId() {
        return progress.adapterId();
    }

    @Override
    public long step() {
        return progress.step();
    }

    @Override
    public PrequentialStatistics statistics() {
        return progress.statistics();
    }

    @Override
    public long publishedStep() {
        return progress.publishedStep();
    }

    @Override
    public PrequentialStatistics publishedStatistics() {
        return progress.publishedStatistics();
    }

    @Override
    public AdapterState snapshot() {
        Origin origin = setup.origin();
        return new AdapterState(
                progress.adapterId(),
                origin.baseHash(),
                origin.method(),
                origin.numerics(),
                progress.step(),
                progress.publishedStep(),
                progress.labels(),
                rowLayout.capacity(),
                progress.lineage(),
                progress.statistics(),
                progress.publishedStatistics(),
                tensors.row().toFloatArray(),
                tensors.expAvg().toFloatArray(),
                tensors.expAvgSq().toFloatArray());
    }

    @Override
    public DeviceAdapter published() {
        owners.incrementAndGet();
        return new DeviceAdapter(setup, progress.published(), rowLayout, tensors, owners);
    }

    @Override
    public long bytes() {
        return (long) AdapterTensors.TENSORS * Float.BYTES * rowLayout.tensors().size();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (owners.decrementAndGet() == 0) {
                tensors.close();
            }
        }
    }

    Progress progress() {
        return progress;
    }

    RowLayout rowLayout() {
        return rowLayout;
    }

    AdapterTensors tensors() {
        return tensors;
    }

    TrainingSetup setup() {
        return setup;
    }
}
