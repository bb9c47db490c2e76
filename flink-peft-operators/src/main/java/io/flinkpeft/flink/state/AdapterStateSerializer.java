package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterStateCodec;

/** An adapter in training, by {@link AdapterStateCodec}. */
public final class AdapterStateSerializer extends VersionedBytesSerializer<AdapterState> {

    /** The one instance; it has no state. */
    public static final AdapterStateSerializer INSTANCE = new AdapterStateSerializer();

    private AdapterStateSerializer() {}

    @Override
    int version() {
        return AdapterStateCodec.VERSION;
    }

    @Override
    byte[] toBytes(AdapterState value) {
        return AdapterStateCodec.toBytes(value);
    }

    @Override
    AdapterState fromBytes(byte[] bytes) {
        return AdapterStateCodec.fromBytes(bytes);
    }

    @Override
    public Snapshot snapshotConfiguration() {
        return new Snapshot();
    }

    /** Found by its name when state is restored. */
    public static final class Snapshot extends VersionedBytesSnapshot<AdapterState> {

        /** For Flink. */
        public Snapshot() {
            super(INSTANCE);
        }
    }
}
