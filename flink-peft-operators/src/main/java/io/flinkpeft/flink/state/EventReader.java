package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link EventWriter} wrote. */
final class EventReader {

    private final ByteBuffer in;
    private final int version;

    EventReader(byte[] bytes, int newest) {
        in = ByteBuffer.wrap(bytes);
        version = in.hasRemaining() ? in.get() : 0;
        if (version < 1 || version > newest) {
            throw new IllegalStateException(
                    "Events in state have format "
                            + version
                            + ", must have 1 to "
                            + newest
                            + ". Maybe a newer release wrote them.");
        }
    }

    int version() {
        return version;
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
            default ->
                    throw new IllegalStateException(
                            "Event in state is of kind "
                                    + kind
                                    + ", must be an example or a control.");
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
                in.getLong());
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
                in.getLong(),
                string(),
                in.getInt(),
                in.getLong());
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
