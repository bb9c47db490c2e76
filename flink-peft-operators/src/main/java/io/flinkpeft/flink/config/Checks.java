package io.flinkpeft.flink.config;

/** Limits of settings, with the key in the message. */
final class Checks {

    private Checks() {}

    static void atLeast(long minimum, String key, long value) {
        if (value < minimum) {
            throw new IllegalArgumentException(
                    key + " (" + value + ") must be at least " + minimum + ".");
        }
    }
}
