package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.Heartbeat;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.TrainingEvent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link EventWriter} wrote. */
final class EventReader {

    private final ByteBuffer in;
    private final int version;

    EventReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
        version = in.hasRemaining() ? in.get() : 0;
        if (version < 1 || version > EventWriter.VERSION) {
            throw new IllegalStateException(
                    "Events in state have format "
                            + version
                            + ", must have 1 to "
                            + EventWriter.VERSION
                            + ". Maybe a newer release wrote them.");
        }
    }

    long number() {
        return in.getLong();
    }

    /** How many things follow, each of at least one byte. */
    int count() {
        int count = in.getInt();
        if (count < 0 || count > in.remaining()) {
            throw new IllegalStateException(
                    "Count (" + count + ") in state must be 0 to " + in.remaining() + ".");
        }
        return count;
    }

    List<Example> examples() {
        int count = count();
        var examples = new ArrayList<Example>(count);
        for (int i = 0; i < count; i++) {
            examples.add(example());
        }
        return examples;
    }

    TrainingEvent event() {
        byte kind = in.get();
        return switch (kind) {
            case EventWriter.EXAMPLE -> example();
            case EventWriter.CONTROL -> control();
            case EventWriter.FEEDBACK -> feedback();
            case EventWriter.HEARTBEAT -> heartbeat();
            default ->
                    throw new IllegalStateException(
                            "Event in state is of kind " + kind + ", must be one of 0 to 3.");
        };
    }

    Control control() {
        return new Control(
                string(),
                Control.Action.valueOf(string()),
                decimal(),
                decimal(),
                string(),
                in.getLong(),
                string(),
                in.getInt(),
                in.getLong(),
                raw());
    }

    private Feedback feedback() {
        return new Feedback(
                string(),
                string(),
                string(),
                in.getLong(),
                string(),
                in.getInt(),
                in.getLong(),
                raw());
    }

    private Heartbeat heartbeat() {
        return new Heartbeat(in.getLong(), string(), in.getInt(), in.getLong(), raw());
    }

    private Double decimal() {
        return in.get() == 0 ? null : (Double) in.getDouble();
    }

    private Example example() {
        return new Example(
                string(),
                string(),
                string(),
                string(),
                string(),
                string(),
                in.getLong(),
                string(),
                in.getInt(),
                in.getLong(),
                raw());
    }

    private RawRecord raw() {
        return version < 2 || in.get() == 0 ? null : new RawRecord(bytes(), bytes());
    }

    private byte[] bytes() {
        int length = in.getInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private String string() {
        int length = in.getInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > in.remaining() / Character.BYTES) {
            throw new BufferUnderflowException();
        }
        char[] characters = new char[length];
        in.asCharBuffer().get(characters);
        in.position(in.position() + Character.BYTES * length);
        return new String(characters);
    }
}
