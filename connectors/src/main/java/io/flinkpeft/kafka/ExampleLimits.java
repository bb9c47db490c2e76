package io.flinkpeft.kafka;

import java.io.Serializable;

/**
 * How large a record may be to become an example.
 *
 * @param recordBytes the most bytes of a record; default 1 MiB
 * @param textLength the most characters of a text, its pair or a target; default 100,000
 * @param labelLength the most characters of a label; default 1,000
 */
public record ExampleLimits(int recordBytes, int textLength, int labelLength)
        implements Serializable {

    /** The defaults. */
    public static final ExampleLimits DEFAULT = new ExampleLimits(1 << 20, 100_000, 1_000);

    public ExampleLimits {
        check("recordBytes", recordBytes);
        check("textLength", textLength);
        check("labelLength", labelLength);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "Limit " + name + " (" + value + ") must be at least 1.");
        }
    }
}
