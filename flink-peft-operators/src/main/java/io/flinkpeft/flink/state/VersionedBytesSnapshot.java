package io.flinkpeft.flink.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Remembers in which format state was written; refuses to read a newer one. */
public abstract class VersionedBytesSnapshot<T> implements TypeSerializerSnapshot<T> {

    private final VersionedBytesSerializer<T> serializer;
    private int format;

    VersionedBytesSnapshot(VersionedBytesSerializer<T> serializer) {
        this.serializer = serializer;
        this.format = serializer.version();
    }

    @Override
    public final int getCurrentVersion() {
        return 1;
    }

    @Override
    public final void writeSnapshot(DataOutputView out) throws IOException {
        out.writeInt(format);
    }

    @Override
    public final void readSnapshot(int version, DataInputView in, ClassLoader loader)
            throws IOException {
        format = in.readInt();
    }

    @Override
    public final TypeSerializer<T> restoreSerializer() {
        return serializer.reading(format);
    }

    @Override
    public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
            TypeSerializerSnapshot<T> old) {
        return old instanceof VersionedBytesSnapshot<T> before && before.format <= format
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
