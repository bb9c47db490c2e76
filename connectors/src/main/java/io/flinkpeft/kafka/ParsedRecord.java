package io.flinkpeft.kafka;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.TrainingEvent;

/**
 * What became of a record: an example, a control, or the reason why neither. Exactly one is not
 * null.
 *
 * <p>A public record of POJOs: Flink serializes it as a POJO.
 *
 * @param example the example
 * @param control the control
 * @param rejected why there is neither
 */
public record ParsedRecord(Example example, Control control, Rejected rejected) {

    /** A good record. */
    public static ParsedRecord of(Example example) {
        return new ParsedRecord(example, null, null);
    }

    /** A good record that is an order. */
    public static ParsedRecord of(Control control) {
        return new ParsedRecord(null, control, null);
    }

    /** A bad record. */
    public static ParsedRecord of(Rejected rejected) {
        return new ParsedRecord(null, null, rejected);
    }

    /** The example or the control; null if the record is rejected. */
    public TrainingEvent event() {
        return example == null ? control : example;
    }

    /** Event time, milliseconds since the epoch. */
    public long timestampMillis() {
        return event() == null ? rejected.timestampMillis() : event().timestampMillis();
    }
}
