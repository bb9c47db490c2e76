package io.flinkpeft.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Asks again and again until the answer is yes. */
public final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private Waiting() {}

    /** What is asked. */
    public interface Question {
        /** Whether it is so now. */
        boolean answer() throws InterruptedException;
    }

    /**
     * Waits.
     *
     * @param what names it in the message
     * @throws IllegalStateException if the limit is over
     */
    public static void until(String what, Duration limit, Question question) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (System.nanoTime() < end) {
                if (question.answer()) {
                    return;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + what, e);
        }
        throw new IllegalStateException("Waited " + limit + " for " + what);
    }
}
