package io.flinkpeft.flink.state;

/** An adapter's queue, by {@link TrainingQueueCodec}. */
public final class TrainingQueueSerializer extends VersionedBytesSerializer<TrainingQueue> {

    /** The one instance; it has no state. */
    public static final TrainingQueueSerializer INSTANCE = new TrainingQueueSerializer();

    private TrainingQueueSerializer() {}

    @Override
    int version() {
        return TrainingQueueCodec.VERSION;
    }

    @Override
    byte[] toBytes(TrainingQueue value) {
        return TrainingQueueCodec.toBytes(value);
    }

    @Override
    TrainingQueue fromBytes(byte[] bytes) {
        return TrainingQueueCodec.fromBytes(bytes);
    }

    @Override
    public Snapshot snapshotConfiguration() {
        return new Snapshot();
    }

    /** Found by its name when state is restored. */
    public static final class Snapshot extends VersionedBytesSnapshot<TrainingQueue> {

        /** For Flink. */
        public Snapshot() {
            super(INSTANCE);
        }
    }
}
