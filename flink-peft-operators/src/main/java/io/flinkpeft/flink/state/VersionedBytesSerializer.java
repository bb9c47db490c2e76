package io.flinkpeft.flink.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a value as a length and bytes that begin with the version of their own format. Bytes of
 * every earlier version stay readable, so old state needs no rewriting: it is renewed as it is
 * written.
 *
 * <p>Values are immutable: a copy is the value itself.
 */
abstract class VersionedBytesSerializer<T> extends TypeSerializerSingleton<T> {

    /** The newest format: what is written, and the last that can be read. */
    abstract int version();

    abstract byte[] toBytes(T value) throws IOException;

    abstract T fromBytes(byte[] bytes) throws IOException;

    @Override
    public final void serialize(T value, DataOutputView target) throws IOException {
        byte[] bytes = toBytes(value);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    @Override
    public final T deserialize(DataInputView source) throws IOException {
        return fromBytes(readBytes(source));
    }

    @Override
    public final T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public final void copy(DataInputView source, DataOutputView target) throws IOException {
        byte[] bytes = readBytes(source);
        target.writeInt(bytes.length);
        target.write(bytes);
    }

    private static byte[] readBytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length < 0) {
            throw new IOException("Length (" + length + ") must be at least 0.");
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    @Override
    public final T createInstance() {
        return null; // nothing to reuse: values are immutable
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    /** The snapshot must be a public class with a public constructor without parameters. */
    @Override
    public abstract VersionedBytesSnapshot<T> snapshotConfiguration();

    /** What reads state that was written in a format, if this release knows it. */
    final TypeSerializer<T> reading(int written) {
        if (written > version()) {
            throw new IllegalStateException(
                    getClass().getSimpleName()
                            + " finds state in format "
                            + written
                            + ", this release must read at most "
                            + version()
                            + ". Maybe run the release that wrote it.");
        }
        return this;
    }
}
