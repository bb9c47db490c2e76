package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterSettingsCodec;

/** What an adapter is told, by {@link AdapterSettingsCodec}. */
public final class AdapterSettingsSerializer extends VersionedBytesSerializer<AdapterSettings> {

    /** The one instance; it has no state. */
    public static final AdapterSettingsSerializer INSTANCE = new AdapterSettingsSerializer();

    private AdapterSettingsSerializer() {}

    @Override
    int version() {
        return AdapterSettingsCodec.VERSION;
    }

    @Override
    byte[] toBytes(AdapterSettings value) {
        return AdapterSettingsCodec.toBytes(value);
    }

    @Override
    AdapterSettings fromBytes(byte[] bytes) {
        return AdapterSettingsCodec.fromBytes(bytes);
    }

    @Override
    public Snapshot snapshotConfiguration() {
        return new Snapshot();
    }

    /** Found by its name when state is restored. */
    public static final class Snapshot extends VersionedBytesSnapshot<AdapterSettings> {

        /** For Flink. */
        public Snapshot() {
            super(INSTANCE);
        }
    }
}
