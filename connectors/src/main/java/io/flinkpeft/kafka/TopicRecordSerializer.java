package io.flinkpeft.kafka;

import io.flinkpeft.kafka.topic.TopicRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Topic records between operators. They are immutable: a copy is the record itself.
 *
 * <p>The form begins with its version, since an unaligned checkpoint may hold records.
 */
final class TopicRecordSerializer extends TypeSerializerSingleton<TopicRecord> {

    static final TopicRecordSerializer INSTANCE = new TopicRecordSerializer();

    private static final int VERSION = 1;
    private static final int NULL = -1;
    private static final TopicRecord EMPTY = new TopicRecord("", "", List.of(), null);

    @Override
    public void serialize(TopicRecord record, DataOutputView out) throws IOException {
        out.writeByte(VERSION);
        write(record.adapterId(), out);
        write(record.key(), out);
        out.writeInt(record.headers().size());
        for (var header : record.headers()) {
            write(header.name(), out);
            write(header.value(), out);
        }
        write(record.value(), out);
    }

    @Override
    public TopicRecord deserialize(DataInputView in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IOException("Topic record form (" + version + ") must be " + VERSION + ".");
        }
        String adapterId = readText(in);
        String key = readText(in);
        int count = in.readInt();
        var headers = new ArrayList<TopicRecord.Header>();
        for (int i = 0; i < count; i++) {
            headers.add(new TopicRecord.Header(readText(in), readText(in)));
        }
        return new TopicRecord(adapterId, key, headers, readBytes(in));
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    private static void write(String text, DataOutputView out) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void write(byte[] bytes, DataOutputView out) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static String readText(DataInputView in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(DataInputView in) throws IOException {
        int length = in.readInt();
        if (length == NULL) {
            return null;
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TopicRecord createInstance() {
        return EMPTY;
    }

    @Override
    public TopicRecord copy(TopicRecord from) {
        return from;
    }

    @Override
    public TopicRecord copy(TopicRecord from, TopicRecord reuse) {
        return from;
    }

    @Override
    public TopicRecord deserialize(TopicRecord reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public TypeSerializerSnapshot<TopicRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says that a later serializer reads the same form; public for Flink. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<TopicRecord> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
