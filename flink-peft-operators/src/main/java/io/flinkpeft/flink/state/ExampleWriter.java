package io.flinkpeft.flink.state;

import io.flinkpeft.event.Example;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes examples into bytes that begin with a format version. */
final class ExampleWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    ExampleWriter(int version) {
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

    private void example(Example example) {
        string(example.adapterId());
        string(example.text());
        string(example.textPair());
        string(example.label());
        string(example.target());
        number(example.timestampMillis());
        string(example.topic());
        count(example.partition());
        number(example.offset());
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
