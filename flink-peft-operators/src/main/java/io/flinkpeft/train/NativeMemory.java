package io.flinkpeft.train;

import java.util.Locale;

/** The memory outside of Java's heap, where tensors live. */
public final class NativeMemory {

    private NativeMemory() {}

    /** The same failure, or one that says what to do if libtorch found no memory. */
    public static Throwable explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (message.contains("can't allocate memory") || message.contains("out of memory")) {
                return new IllegalStateException(
                        "Native memory ("
                                + firstLine(cause)
                                + ") must suffice for the adapters in memory and a step. Maybe"
                                + " lower cache.bytes or train.examples-per-step, or raise"
                                + " taskmanager.memory.task.off-heap.size.",
                        failure);
            }
        }
        return failure;
    }

    private static String firstLine(Throwable cause) {
        return cause.getMessage().lines().findFirst().orElse("");
    }
}
