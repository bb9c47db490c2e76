package io.flinkpeft.flink.state;

import io.flinkpeft.event.Example;
import java.util.ArrayList;
import java.util.List;

/** A {@link TrainingQueue} as versioned bytes. */
final class TrainingQueueCodec {

    static final int VERSION = 1;

    private TrainingQueueCodec() {}

    static byte[] toBytes(TrainingQueue queue) {
        var writer = new EventWriter(VERSION);
        writer.count(queue.closed().size());
        queue.closed().forEach(writer::examples);
        writer.examples(queue.waiting());
        return writer.bytes();
    }

    static TrainingQueue fromBytes(byte[] bytes) {
        var reader = new EventReader(bytes, VERSION);
        var closed = new ArrayList<List<Example>>();
        for (int left = reader.count(); left > 0; left--) {
            closed.add(reader.examples());
        }
        return new TrainingQueue(closed, reader.examples());
    }
}
