package io.flinkpeft.kafka.topic;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * For how long no broker was heard. After {@link #LIMIT} a reader may have missed removals: a
 * compacted topic forgets them after its {@code delete.retention.ms}, which must not be less.
 */
final class Silence {

    static final Duration LIMIT = Duration.ofHours(1);

    /** How often a topic without new records is asked whether it is there. */
    static final Duration PAUSE = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long heard;
    private long asked;

    Silence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.heard = nanoTime.getAsLong();
        this.asked = heard;
    }

    /**
     * Whether a broker is heard again after too long.
     *
     * @param records whether records came
     * @param answers asks a broker
     */
    boolean isOver(boolean records, BooleanSupplier answers) {
        long now = nanoTime.getAsLong();
        boolean due = now - asked >= PAUSE.toNanos();
        if (!records && !due) {
            return false;
        }
        asked = now;
        if (!records && !answers.getAsBoolean()) {
            return false;
        }
        boolean over = now - heard >= LIMIT.toNanos();
        heard = now;
        return over;
    }
}
