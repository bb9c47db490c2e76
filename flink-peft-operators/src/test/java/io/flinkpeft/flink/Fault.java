package io.flinkpeft.flink;

import ai.djl.engine.EngineException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a test makes something fail, in any task of this process: a point is armed, and strikes at
 * some call after that.
 */
enum Fault {
    /** Before a training step. */
    STEP,
    /** While an adapter is copied for a checkpoint. */
    SNAPSHOT,
    /** When a trainer is opened, behind the restore of its state. */
    OPEN,
    /** When a trainer is closed. */
    CLOSE,
    /** While a task writes its part of a checkpoint. */
    UPLOAD,
    /** As above, but the write hangs until it is given up. */
    UPLOAD_HANGS,
    /** While the JobManager writes a checkpoint's metadata. */
    METADATA,
    /** While state is read again. */
    RESTORE;

    private final AtomicInteger calls = new AtomicInteger();
    private volatile int first = Integer.MAX_VALUE;
    private volatile int last;
    private volatile Runnable then = () -> {};

    /** Strikes {@code times} times in a row, {@code after} calls from now. */
    void arm(int after, int times) {
        calls.set(0);
        last = after + times;
        first = after;
    }

    /** What is done whenever it strikes, before the failure. */
    void then(Runnable action) {
        then = action;
    }

    /** Nothing fails. */
    static void disarm() {
        for (Fault fault : values()) {
            fault.first = Integer.MAX_VALUE;
            fault.then = () -> {};
        }
    }

    /** Whether this call is one that fails. */
    boolean strikes() {
        int call = calls.getAndIncrement();
        if (call < first || call >= last) {
            return false;
        }
        then.run();
        return true;
    }

    /** How often it has struck. */
    int struck() {
        return first == Integer.MAX_VALUE ? 0 : Math.max(0, Math.min(calls.get(), last) - first);
    }

    /** Throws if this call fails. */
    void pass() {
        if (strikes()) {
            // a failure of the task: a batch that throws would be given away
            throw new EngineException("Injected failure: " + this + ", out of memory.");
        }
    }
}
