package io.flinkpeft.train;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.Numerics;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An adapter on the device, at one step. Immutable: a step gives a new one and leaves this one as
 * it is, so the owner decides which of the two to keep, and closes the other.
 *
 * <p>May be read by several threads; closed by one.
 */
public final class LiveAdapter implements AutoCloseable {

    /** What all adapters of a setup have in common. */
    record Origin(String baseHash, String method, Numerics numerics) {}

    private final TrainingSetup setup;
    private final Progress progress;
    private final Bank bank;
    private final AdapterTensors tensors;
    // tensors may be shared with the same adapter after published()
    private final AtomicInteger owners;
    private boolean closed;

    LiveAdapter(TrainingSetup setup, Progress progress, Bank bank, AdapterTensors tensors) {
        this(setup, progress, bank, tensors, new AtomicInteger(1));
    }

    private LiveAdapter(
            TrainingSetup setup,
            Progress progress,
            Bank bank,
            AdapterTensors tensors,
            AtomicInteger owners) {
        this.setup = setup;
        this.progress = progress;
        this.bank = bank;
        this.tensors = tensors;
        this.owners = owners;
    }

    /** Whose it is. */
    public String adapterId() {
        return progress.adapterId();
    }

    /** Optimizer steps taken. */
    public long step() {
        return progress.step();
    }

    /** How many examples it learnt from since it began. */
    public long examples() {
        return progress.statistics().examples();
    }

    /** The step of the newest version cut from it, or -1. */
    public long publishedStep() {
        return progress.publishedStep();
    }

    /** A copy of all it needs to go on elsewhere. */
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
                bank.capacity(),
                progress.lineage(),
                progress.statistics(),
                tensors.row().toFloatArray(),
                tensors.first().toFloatArray(),
                tensors.second().toFloatArray());
    }

    /**
     * The same adapter, remembering that a version was cut at its step. It shares this one's
     * memory, which is free once both are closed.
     */
    public LiveAdapter published() {
        owners.incrementAndGet();
        return new LiveAdapter(
                setup, progress.withPublished(progress.step()), bank, tensors, owners);
    }

    /** Bytes it holds on the device. */
    public long bytes() {
        return (long) AdapterTensors.TENSORS * Float.BYTES * bank.layout().size();
    }

    /** Frees its memory; it cannot be used afterwards. A second call does nothing. */
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

    Bank bank() {
        return bank;
    }

    AdapterTensors tensors() {
        return tensors;
    }

    TrainingSetup setup() {
        return setup;
    }
}
