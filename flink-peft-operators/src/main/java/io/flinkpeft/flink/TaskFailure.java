package io.flinkpeft.flink;

import io.flinkpeft.train.ForeignStateException;
import io.flinkpeft.train.NativeMemory;

/**
 * Failures that are the task's, whatever one adapter brought: a lack of memory, broken code, state
 * of another job. A restart, another machine or another configuration may help; without them every
 * batch would fail, and good examples be given away.
 */
final class TaskFailure {

    /** How far causes are followed. */
    private static final int MOST_CAUSES = 50;

    private TaskFailure() {}

    /** Throws a failure on if it is the task's. */
    static void rethrow(Throwable failure) {
        if (is(failure)) {
            TaskFailure.<RuntimeException>sneak(failure);
        }
    }

    static boolean is(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof ForeignStateException
                    || NativeMemory.isLack(cause)
                    || cause instanceof Error && !(cause instanceof StackOverflowError)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    @SuppressWarnings("unchecked") // an error stays an error
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
