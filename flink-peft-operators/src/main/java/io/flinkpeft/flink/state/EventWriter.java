package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes examples and controls into bytes that begin with a format version. */
final class EventWriter {

    /** What an event begins with. */
    static final int EXAMPLE = 0;

    /** What an event begins with. */
    static final int CONTROL = 1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    EventWriter(int version) {
        write(() -> out.writeByte(version));
    }

    void number(long value) {
        write(() -> out.writeLong(value));
    }

    void count(int value) {
        write(() -> out.writeInt(value));
    }

    void examples(List<Example> examples) {
        count(examples.size());
        examples.forEach(this::example);
    }

    void event(TrainingEvent event) {
        if (event instanceof Control control) {
            write(() -> out.writeByte(CONTROL));
            control(control);
        } else {
            write(() -> out.writeByte(EXAMPLE));
            example((Example) event);
        }
    }

    void control(Control control) {
        string(control.adapterId());
        string(control.action().name());
        decimal(control.learningRate());
        decimal(control.headLearningRate());
        string(control.method());
        place(control);
    }

    private void decimal(Double value) {
        write(() -> out.writeBoolean(value != null));
        if (value != null) {
            write(() -> out.writeDouble(value));
        }
    }

    private void example(Example example) {
        string(example.adapterId());
        string(example.text());
        string(example.textPair());
        string(example.label());
        string(example.target());
        place(example);
    }

    private void place(TrainingEvent event) {
        number(event.timestampMillis());
        string(event.topic());
        count(event.partition());
        number(event.offset());
    }

    private void string(String value) {
        if (value == null) {
            count(-1);
            return;
        }
        count(value.length());
        write(() -> out.writeChars(value)); // a text may hold half a surrogate pair
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
    }
}
