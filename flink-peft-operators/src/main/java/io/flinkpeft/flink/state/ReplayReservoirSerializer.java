package io.flinkpeft.flink.state;

/** An adapter's reservoir, by {@link ReplayReservoirCodec}. */
public final class ReplayReservoirSerializer extends VersionedBytesSerializer<ReplayReservoir> {

    /** The one instance; it has no state. */
    public static final ReplayReservoirSerializer INSTANCE = new ReplayReservoirSerializer();

    private ReplayReservoirSerializer() {}

    @Override
    int version() {
        return ReplayReservoirCodec.VERSION;
    }

    @Override
    byte[] toBytes(ReplayReservoir value) {
        return ReplayReservoirCodec.toBytes(value);
    }

    @Override
    ReplayReservoir fromBytes(byte[] bytes) {
        return ReplayReservoirCodec.fromBytes(bytes);
    }

    @Override
    public Snapshot snapshotConfiguration() {
        return new Snapshot();
    }

    /** Found by its name when state is restored. */
    public static final class Snapshot extends VersionedBytesSnapshot<ReplayReservoir> {

        /** For Flink. */
        public Snapshot() {
            super(INSTANCE);
        }
    }
}
