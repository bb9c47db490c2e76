package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.AdapterVersionCodec;

/** An adapter's version, by {@link AdapterVersionCodec}. */
public final class AdapterVersionSerializer extends VersionedBytesSerializer<AdapterVersion> {

    /** The one instance; it has no state. */
    public static final AdapterVersionSerializer INSTANCE = new AdapterVersionSerializer();

    private AdapterVersionSerializer() {}

    @Override
    int version() {
        return 1; // what AdapterVersionCodec writes
    }

    @Override
    byte[] toBytes(AdapterVersion value) {
        return AdapterVersionCodec.toBytes(value);
    }

    @Override
    AdapterVersion fromBytes(byte[] bytes) {
        return AdapterVersionCodec.fromBytes(bytes);
    }

    @Override
    public Snapshot snapshotConfiguration() {
        return new Snapshot();
    }

    /** Found by its name when state is restored. */
    public static final class Snapshot extends VersionedBytesSnapshot<AdapterVersion> {

        /** For Flink. */
        public Snapshot() {
            super(INSTANCE);
        }
    }
}
