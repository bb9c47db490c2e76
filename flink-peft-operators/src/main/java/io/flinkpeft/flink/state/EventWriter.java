package io.flinkpeft.flink.state;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Feedback;
import io.flinkpeft.event.RawRecord;
import io.flinkpeft.event.TrainingEvent;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes events into bytes that begin with a format version. */
final class EventWriter {

    /** The newest format. 2: the record that an event was read from stands behind its place. */
    static final int VERSION = 2;

    /** What an event begins with. */
    static final int EXAMPLE = 0;

    /** What an event begins with. */
    static final int CONTROL = 1;

    /** What an event begins with. */
    static final int FEEDBACK = 2;

    /** What an event begins with. */
    static final int HEARTBEAT = 3;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    EventWriter() {
        write(() -> out.writeByte(VERSION));
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
        if (event instanceof Example example) {
            kind(EXAMPLE);
            example(example);
        } else if (event instanceof Control control) {
            kind(CONTROL);
            control(control);
        } else if (event instanceof Feedback feedback) {
            kind(FEEDBACK);
            feedback(feedback);
        } else {
            kind(HEARTBEAT);
            place(event);
        }
    }

    private void bytes(byte[] value) {
        if (value == null) {
            count(-1);
            return;
        }
        count(value.length);
        write(() -> out.write(value));
    }

    private void kind(int kind) {
        write(() -> out.writeByte(kind));
    }

    private void feedback(Feedback feedback) {
        string(feedback.adapterId());
        string(feedback.exampleId());
        string(feedback.label());
        place(feedback);
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
        ifThere(value, () -> out.writeDouble(value));
    }

    private void example(Example example) {
        string(example.adapterId());
        string(example.id());
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
        raw(event.raw());
    }

    private void raw(RawRecord raw) {
        ifThere(
                raw,
                () -> {
                    bytes(raw.key());
                    bytes(raw.value());
                });
    }

    /** Whether there is a value, and then the value. */
    private void ifThere(Object value, Writing writing) {
        boolean there = value != null;
        write(() -> out.writeBoolean(there));
        if (there) {
            write(writing);
        }
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
