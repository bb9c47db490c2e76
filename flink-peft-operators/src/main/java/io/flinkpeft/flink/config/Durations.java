package io.flinkpeft.flink.config;

import java.time.Duration;

/**
 * How long a duration of an option may be. A longer one is a mistake of units, and sums of it with
 * times would overflow while the job runs.
 */
public final class Durations {

    /** For event time: about 10,000 years, as many as an event's time may lie in. */
    public static final Duration OF_EVENTS = Duration.ofDays(3_652_500);

    /** For clocks, which count nanoseconds: about 100 years. */
    public static final Duration OF_CLOCKS = Duration.ofDays(36_525);

    private Durations() {}

    /**
     * Checks a duration.
     *
     * @param key the option, for the message
     * @param most the longest that it may be
     * @return the value
     * @throws IllegalArgumentException if it is less than 0 or more than that
     */
    public static Duration check(String key, Duration value, Duration most) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(key + " (" + value + ") must be at least 0.");
        }
        if (value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    key + " (" + value + ") must be at most " + most.toDays() + " d.");
        }
        return value;
    }
}
