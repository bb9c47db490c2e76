package io.flinkpeft.flink.state;

import java.util.ArrayList;

/** A {@link TrainingQueue} as versioned bytes: a control is a batch without examples before it. */
final class TrainingQueueCodec {

    static final int VERSION = EventWriter.VERSION;

    private TrainingQueueCodec() {}

    static byte[] toBytes(TrainingQueue queue) {
        var writer = new EventWriter();
        writer.count(queue.closed().size());
        for (Turn turn : queue.closed()) {
            writer.examples(turn.examples());
            if (turn instanceof Turn.Order order) {
                writer.control(order.control());
            }
        }
        writer.examples(queue.waiting());
        return writer.bytes();
    }

    static TrainingQueue fromBytes(byte[] bytes) {
        var reader = new EventReader(bytes);
        var closed = new ArrayList<Turn>();
        for (int left = reader.count(); left > 0; left--) {
            var examples = reader.examples();
            closed.add(
                    examples.isEmpty()
                            ? new Turn.Order(reader.control())
                            : new Turn.Batch(examples));
        }
        return new TrainingQueue(closed, reader.examples());
    }
}
