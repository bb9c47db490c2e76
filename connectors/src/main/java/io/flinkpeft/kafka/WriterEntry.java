package io.flinkpeft.kafka;

import io.flinkpeft.kafka.topic.TopicPlace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a subtask knows of the topic.
 *
 * @param writers ids of the jobs that may have written it, its own first
 * @param transactionalIds theirs
 * @param begun whether the claim of its own job is in the topic; no other counts then
 * @param waiting whether versions wait
 * @param shutOut how the ids begin of those that must not write any more
 * @param partitions how many partitions adapters are spread over; 0 if it is not known
 * @param place what lies before it is in the state
 */
record WriterEntry(
        List<String> writers,
        List<String> transactionalIds,
        boolean begun,
        boolean waiting,
        List<String> shutOut,
        int partitions,
        TopicPlace place) {

    private static final int FORMAT = 1;

    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            write(out, writers);
            write(out, transactionalIds);
            out.writeBoolean(begun);
            out.writeBoolean(waiting);
            write(out, shutOut);
            out.writeInt(partitions);
            out.writeUTF(place.topicId());
            out.writeInt(place.offsets().size());
            for (var offset : new TreeMap<>(place.offsets()).entrySet()) {
                out.writeInt(offset.getKey());
                out.writeLong(offset.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static WriterEntry read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readByte();
            if (format != FORMAT) {
                throw new IllegalStateException(
                        "State of the adapter topic's writer has format "
                                + format
                                + ", must have "
                                + FORMAT
                                + ". Maybe a newer release wrote it.");
            }
            return new WriterEntry(
                    readTexts(in),
                    readTexts(in),
                    in.readBoolean(),
                    in.readBoolean(),
                    readTexts(in),
                    in.readInt(),
                    new TopicPlace(in.readUTF(), readOffsets(in)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    private static List<String> readTexts(DataInputStream in) throws IOException {
        int size = in.readInt();
        var texts = new ArrayList<String>();
        for (int i = 0; i < size; i++) {
            texts.add(in.readUTF());
        }
        return texts;
    }

    private static Map<Integer, Long> readOffsets(DataInputStream in) throws IOException {
        int size = in.readInt();
        var offsets = new HashMap<Integer, Long>();
        for (int i = 0; i < size; i++) {
            offsets.put(in.readInt(), in.readLong());
        }
        return offsets;
    }
}
