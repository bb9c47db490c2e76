package io.flinkpeft.train;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Locale;

/** The memory outside of Java's heap, where tensors live. */
public final class NativeMemory {

    /** How libtorch, CUDA, C++ and the JDK's mapped files say it. */
    private static final List<String> SIGNS =
            List.of(
                    "can't allocate memory",
                    "cannot allocate memory",
                    "not enough memory",
                    "out of memory",
                    "bad_alloc",
                    "_alloc_failed", // CUBLAS_STATUS_ALLOC_FAILED, and those of other libraries
                    "map failed");

    private NativeMemory() {}

    /** The same failure, or one that says what to do if there was no memory. */
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

    /**
     * Whether memory was lacking. Only libtorch's and the JVM's own failures are asked: the message
     * of another may quote what came from outside.
     */
    public static boolean isLacking(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            boolean libtorch = cause instanceof EngineException;
            if (cause instanceof OutOfMemoryError
                    || libtorch
                            && String.valueOf(cause.getMessage())
                                    .lines()
                                    .anyMatch(NativeMemory::lacks)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a failure, without its causes, says that there was no memory. Our own refusals do
     * not: they may quote a text.
     */
    public static boolean isLack(Throwable failure) {
        return failure instanceof OutOfMemoryError
                || !(failure instanceof IllegalArgumentException
                                || failure instanceof IllegalStateException)
                        && String.valueOf(failure.getMessage())
                                .lines()
                                .anyMatch(NativeMemory::lacks);
    }

    private static boolean lacks(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(lower::contains);
    }
}
