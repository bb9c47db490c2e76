package io.flinkpeft.kafka;

import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;

/**
 * What became of a record: an example, or the reason why not. Exactly one is not null.
 *
 * <p>A public record of POJOs: Flink serializes it as a POJO.
 *
 * @param example the example
 * @param rejected why there is none
 */
public record ParsedRecord(Example example, Rejected rejected) {

    /** A good record. */
    public static ParsedRecord of(Example example) {
        return new ParsedRecord(example, null);
    }

    /** A bad record. */
    public static ParsedRecord of(Rejected rejected) {
        return new ParsedRecord(null, rejected);
    }

    /** Event time, milliseconds since the epoch. */
    public long timestampMillis() {
        return example == null ? rejected.timestampMillis() : example.timestampMillis();
    }
}
