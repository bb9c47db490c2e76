package io.flinkpeft.train;

import java.util.Locale;

/** The memory outside of Java's heap, where tensors live. */
public final class NativeMemory {

    private NativeMemory() {}

    /** The same failure, or one that says what to do if libtorch found no memory. */
    public static Throwable explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var line = String.valueOf(cause.getMessage()).lines().filter(NativeMemory::lacks);
            var reason = line.findFirst();
            if (reason.isPresent()) {
                return new IllegalStateException(
                        "Native memory ("
                                + reason.get().strip()
                                + ") must suffice for the base, the adapters in memory and a step."
                                + " Maybe lower cache.bytes, train.examples-per-step or"
                                + " train.max-tokens, or raise"
                                + " taskmanager.memory.task.off-heap.size.",
                        failure);
            }
        }
        return failure;
    }

    private static boolean lacks(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return lower.contains("can't allocate memory")
                || lower.contains("out of memory")
                || lower.contains("bad_alloc");
    }
}
