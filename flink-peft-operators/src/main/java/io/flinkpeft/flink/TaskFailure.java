package io.flinkpeft.flink;

import io.flinkpeft.train.ForeignStateException;
import io.flinkpeft.train.NativeMemory;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Failures that are the task's, whatever one adapter brought: a lack of memory, broken code, a
 * state backend that fails, state of another job. A restart, another machine or another
 * configuration may help; without them every batch would fail, and good examples be given away.
 */
final class TaskFailure {

    private TaskFailure() {}

    /** Throws a failure on if it is the task's. */
    static void rethrow(Throwable failure) {
        if (is(failure)) {
            TaskFailure.<RuntimeException>sneak(failure);
        }
    }

    static boolean is(Throwable failure) {
        return NativeMemory.isLacking(failure)
                || NativeMemory.causes(failure).anyMatch(TaskFailure::isOfTheTask);
    }

    private static boolean isOfTheTask(Throwable cause) {
        return cause instanceof ForeignStateException
                || cause instanceof FlinkRuntimeException
                || cause instanceof Error && !(cause instanceof StackOverflowError);
    }

    @SuppressWarnings("unchecked") // an error stays an error
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
