package io.flinkpeft.flink.state;

import io.flinkpeft.event.TrainingEvent;

/** An event, by {@link EventWriter}; on edges of a job, and in state. */
public final class TrainingEventSerializer extends VersionedBytesSerializer<TrainingEvent> {

    /** The one instance; it has no state. */
    public static final TrainingEventSerializer INSTANCE = new TrainingEventSerializer();

    private TrainingEventSerializer() {}

    @Override
    int version() {
        return EventWriter.VERSION;
    }

    @Override
    byte[] toBytes(TrainingEvent value) {
        var writer = new EventWriter();
        writer.event(value);
        return writer.bytes();
    }

    @Override
    TrainingEvent fromBytes(byte[] bytes) {
        return new EventReader(bytes).event();
    }

    @Override
    public Snapshot snapshotConfiguration() {
        return new Snapshot();
    }

    /** Found by its name when state is restored. */
    public static final class Snapshot extends VersionedBytesSnapshot<TrainingEvent> {

        /** For Flink. */
        public Snapshot() {
            super(INSTANCE);
        }
    }
}
