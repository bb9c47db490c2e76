package io.flinkpeft.flink;

import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * How a task fails that cannot start. A new job whose settings cannot be used, such as a model that
 * is not there, ends at once: it would fail alike at every restart. A job with state tries again,
 * since another machine may have the model, or the processor, and says so.
 */
final class StartFailure {

    private StartFailure() {}

    static Exception of(Exception failure, boolean restored) {
        boolean setting = failure instanceof IllegalArgumentException;
        if (!restored) {
            return setting ? new SuppressRestartsException(failure) : failure;
        }
        return setting || failure instanceof IllegalStateException
                ? new IllegalStateException(
                        failure.getMessage()
                                + " The job keeps its state and tries again, as another machine may"
                                + " do.",
                        failure)
                : failure;
    }
}
