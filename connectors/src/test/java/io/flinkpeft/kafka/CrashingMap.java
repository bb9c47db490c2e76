package io.flinkpeft.kafka;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/**
 * Hands everything on, and fails in each of the first attempts: after a checkpoint of the attempt
 * is complete and some elements more have gone by, which are lost with it.
 */
final class CrashingMap<T> extends RichMapFunction<T, T> implements CheckpointListener {

    private static final int ELEMENTS_LOST = 20;
    private static final AtomicInteger CRASHES = new AtomicInteger();

    private final int crashes;

    private transient int elements;
    private transient boolean checkpointed;

    CrashingMap(int crashes) {
        this.crashes = crashes;
    }

    /** How often any of them has failed in this JVM. */
    static int crashesSoFar() {
        return CRASHES.get();
    }

    @Override
    public T map(T value) {
        int attempt = getRuntimeContext().getTaskInfo().getAttemptNumber();
        if (attempt < crashes && checkpointed && ++elements > ELEMENTS_LOST) {
            CRASHES.incrementAndGet();
            throw new IllegalStateException("Crash " + attempt + ", as the test wants it.");
        }
        return value;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
        checkpointed = true;
    }
}
