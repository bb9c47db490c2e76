package io.flinkpeft.kafka;

import io.flinkpeft.flink.config.Durations;
import io.flinkpeft.json.ContentLimits;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a record must keep to, to become an event: nobody vouches for what is in a topic.
 *
 * @param recordBytes the most bytes of a record; default 1 MiB
 * @param textLength the most characters of a text, its pair, a target, or the labels of all words
 *     of a text; default 100,000
 * @param labelLength the most characters of an id, and of a label or one of its words; default
 *     1,000
 * @param maxAhead how much later than the time that Kafka has of its record an event may be, at
 *     least 0; one far-off time would make late all that follows it; default 1 day
 * @param minTimestamp the least number that a record may give as its time; smaller ones are taken
 *     for seconds and refused; default 100,000,000,000, which is in March 1973
 * @param tombstones what becomes of records without a value; default {@link Tombstones#DEAD_LETTER}
 */
public record ExampleLimits(
        int recordBytes,
        int textLength,
        int labelLength,
        Duration maxAhead,
        long minTimestamp,
        Tombstones tombstones)
        implements Serializable {

    /** The defaults. */
    public static final ExampleLimits DEFAULT =
            new ExampleLimits(
                    1 << 20,
                    100_000,
                    1_000,
                    Duration.ofDays(1),
                    100_000_000_000L,
                    Tombstones.DEAD_LETTER);

    public ExampleLimits {
        check("recordBytes", recordBytes);
        check("textLength", textLength);
        check("labelLength", labelLength);
        Durations.check("examples.max-ahead", maxAhead, Durations.OF_EVENTS);
    }

    /** What becomes of records without a value, which compacted topics have. */
    public enum Tombstones {
        /** A dead letter, like any record that is no event. */
        DEAD_LETTER("dead-letter"),
        /** Nothing; they are counted. */
        IGNORE("ignore");

        private final String text;

        Tombstones(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text; // as options name it
        }
    }

    /** The same with another bound on times ahead of Kafka's. */
    public ExampleLimits withMaxAhead(Duration maxAhead) {
        return new ExampleLimits(
                recordBytes, textLength, labelLength, maxAhead, minTimestamp, tombstones);
    }

    /** The same with another least number of a time. */
    public ExampleLimits withMinTimestamp(long minTimestamp) {
        return new ExampleLimits(
                recordBytes, textLength, labelLength, maxAhead, minTimestamp, tombstones);
    }

    /** The same for records without a value. */
    public ExampleLimits withTombstones(Tombstones tombstones) {
        return new ExampleLimits(
                recordBytes, textLength, labelLength, maxAhead, minTimestamp, tombstones);
    }

    ContentLimits content() {
        return new ContentLimits(textLength, labelLength);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "Limit " + name + " (" + value + ") must be at least 1.");
        }
    }
}
