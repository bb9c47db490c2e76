package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterVersion;

/**
 * Type information of streams of {@link AdapterVersion}. A function that returns versions needs it:
 * {@code .returns(AdapterVersionTypeInfo.INSTANCE)}.
 */
public final class AdapterVersionTypeInfo extends VersionedBytesTypeInfo<AdapterVersion> {

    /** The one instance; it has no state. */
    public static final AdapterVersionTypeInfo INSTANCE = new AdapterVersionTypeInfo();

    private AdapterVersionTypeInfo() {
        super(AdapterVersion.class, AdapterVersionSerializer.INSTANCE);
    }
}
