package io.flinkpeft.kafka;

import java.io.Serializable;
import java.time.Duration;

/**
 * What a record must keep to, to become an event: nobody vouches for what is in a topic.
 *
 * @param recordBytes the most bytes of a record; default 1 MiB
 * @param textLength the most characters of a text, its pair or a target; default 100,000
 * @param labelLength the most characters of a label; default 1,000
 * @param maxAhead how much later than the time that Kafka has of its record an event may be, at
 *     least 0; one far-off time would make late all that follows it; default 1 day
 */
public record ExampleLimits(int recordBytes, int textLength, int labelLength, Duration maxAhead)
        implements Serializable {

    /** The defaults. */
    public static final ExampleLimits DEFAULT =
            new ExampleLimits(1 << 20, 100_000, 1_000, Duration.ofDays(1));

    public ExampleLimits {
        check("recordBytes", recordBytes);
        check("textLength", textLength);
        check("labelLength", labelLength);
        if (maxAhead.isNegative()) {
            throw new IllegalArgumentException(
                    "examples.max-ahead (" + maxAhead + ") must be at least 0.");
        }
    }

    /** The same with another bound on times ahead of Kafka's. */
    public ExampleLimits withMaxAhead(Duration maxAhead) {
        return new ExampleLimits(recordBytes, textLength, labelLength, maxAhead);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "Limit " + name + " (" + value + ") must be at least 1.");
        }
    }
}
