package io.flinkpeft.flink.state;

import io.flinkpeft.adapter.AdapterVersion;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/**
 * Type information of streams of {@link AdapterVersion}. A function that returns versions needs it:
 * {@code .returns(AdapterVersionTypeInfo.INSTANCE)}.
 */
public final class AdapterVersionTypeInfo extends TypeInformation<AdapterVersion> {

    /** The one instance; it has no state. */
    public static final AdapterVersionTypeInfo INSTANCE = new AdapterVersionTypeInfo();

    private AdapterVersionTypeInfo() {}

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<AdapterVersion> getTypeClass() {
        return AdapterVersion.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<AdapterVersion> createSerializer(SerializerConfig config) {
        return AdapterVersionSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "AdapterVersionTypeInfo";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdapterVersionTypeInfo;
    }

    @Override
    public int hashCode() {
        return AdapterVersionTypeInfo.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof AdapterVersionTypeInfo;
    }
}
