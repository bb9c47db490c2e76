package io.flinkpeft.train;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

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

    /** How far causes are followed. */
    private static final int MOST_CAUSES = 50;

    private NativeMemory() {}

    /** The same failure, or one that says what to do if there was no memory. */
    public static Throwable explain(Throwable failure) {
        return causes(failure)
                .flatMap(cause -> String.valueOf(cause.getMessage()).lines())
                .filter(NativeMemory::lacks)
                .findFirst()
                .map(reason -> explained(reason.strip(), failure))
                .orElse(failure);
    }

    private static Throwable explained(String reason, Throwable failure) {
        return new IllegalStateException(
                "Native memory ("
                        + reason
                        + ") must suffice for the base, the adapters in memory and a step. Maybe"
                        + " lower cache.bytes, train.examples-per-step or train.max-tokens, or"
                        + " raise taskmanager.memory.task.off-heap.size.",
                failure);
    }

    /**
     * Whether memory was lacking. Only libtorch's and the JVM's own failures are asked: the message
     * of another may quote what came from outside.
     */
    public static boolean isLacking(Throwable failure) {
        return causes(failure)
                .anyMatch(
                        cause ->
                                cause instanceof OutOfMemoryError
                                        || cause instanceof EngineException
                                                && lacks(String.valueOf(cause.getMessage())));
    }

    /** A failure and its causes, which may be a circle. */
    public static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES);
    }

    private static boolean lacks(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(lower::contains);
    }
}
