package io.flinkpeft.kafka.topic;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a reader sees of transactions. */
public enum Isolation {
    /** Committed records only: versions whose checkpoint is complete. */
    READ_COMMITTED,
    /** Records as soon as they are written: earlier, and also those that a failure takes back. */
    READ_UNCOMMITTED;

    static Isolation parse(String option, String text) {
        for (Isolation isolation : values()) {
            if (isolation.text().equals(text)) {
                return isolation;
            }
        }
        List<String> all = Arrays.stream(values()).map(Isolation::text).toList();
        throw new IllegalArgumentException(
                option + " (" + text + ") must be one of " + all + ". Maybe leave it out.");
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
