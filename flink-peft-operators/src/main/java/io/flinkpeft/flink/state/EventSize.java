package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.TrainingEvent;

/**
 * Bytes that an event takes where it waits: at least those that {@link EventWriter} writes, and
 * about those of its objects. It depends on the event alone.
 */
final class EventSize {

    private static final long REST = 128;

    private EventSize() {}

    static long of(TrainingEvent event) {
        long bytes = REST + text(event.adapterId()) + text(event.topic()) + raw(event.raw());
        if (event instanceof Example example) {
            bytes += text(example.id()) + text(example.text()) + text(example.textPair());
            bytes += text(example.label()) + text(example.target());
        } else if (event instanceof Control control) {
            bytes += text(control.method());
        }
        return bytes;
    }

    private static long text(String text) {
        return text == null ? 0 : (long) Character.BYTES * text.length();
    }

    private static long raw(RawRecord raw) {
        return raw == null ? 0 : length(raw.key()) + length(raw.value());
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
