package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records that publish a version, point to it, or take it away.
 *
 * @param chunkBytes a payload that is larger is cut into chunks of so many bytes; at least 1
 */
public record VersionRecords(int chunkBytes) implements Serializable {

    /** Chunks of {@link AdapterTopicFormat#CHUNK_BYTES}. */
    public static final VersionRecords DEFAULT = new VersionRecords(AdapterTopicFormat.CHUNK_BYTES);

    public VersionRecords {
        if (chunkBytes < 1) {
            throw new IllegalArgumentException(
                    "Chunk size ("
                            + chunkBytes
                            + " bytes) must be at least 1. Maybe use "
                            + AdapterTopicFormat.CHUNK_BYTES
                            + ", the default.");
        }
    }

    /** How many chunks a version is cut into; 0 if none. */
    public int chunks(AdapterVersion version) {
        int length = version.payload().length;
        return length <= chunkBytes ? 0 : (length - 1) / chunkBytes(version) + 1;
    }

    /** Larger ones than asked for where there would be more than a version may have. */
    private int chunkBytes(AdapterVersion version) {
        int fewest = (version.payload().length - 1) / AdapterTopicFormat.MAX_CHUNKS + 1;
        return Math.max(chunkBytes, fewest);
    }

    /** The version alone: no pointer. */
    public List<TopicRecord> version(AdapterVersion version) {
        checkHash(version);
        int chunks = chunks(version);
        var records = new ArrayList<TopicRecord>(chunks + 1);
        for (int i = 0; i < chunks; i++) {
            records.add(chunk(version, i, chunks));
        }
        records.add(
                new TopicRecord(
                        version.adapterId(),
                        TopicKey.version(version.adapterId(), version.step()).text(),
                        VersionHead.of(version, chunks).headers(),
                        chunks == 0 ? version.payload() : new byte[0]));
        return records;
    }

    /** Makes a version current. */
    public static TopicRecord pointer(String adapterId, long step, String sha256) {
        var headers =
                new HeaderList(RecordKind.POINTER)
                        .add(AdapterTopicFormat.SHA256, sha256)
                        .checked(adapterId);
        byte[] value = Long.toString(step).getBytes(StandardCharsets.UTF_8);
        return new TopicRecord(adapterId, TopicKey.pointer(adapterId).text(), headers, value);
    }

    /** Takes away a version that was written in so many chunks. */
    public static List<TopicRecord> removal(String adapterId, long step, int chunks) {
        var records = new ArrayList<TopicRecord>(chunks + 1);
        records.add(removal(TopicKey.version(adapterId, step)));
        for (int i = 0; i < chunks; i++) {
            records.add(removal(TopicKey.chunk(adapterId, step, i)));
        }
        return records;
    }

    /** Takes away the pointer: the adapter has no current version any more. */
    public static TopicRecord pointerRemoval(String adapterId) {
        return removal(TopicKey.pointer(adapterId));
    }

    private TopicRecord chunk(AdapterVersion version, int index, int chunks) {
        int size = chunkBytes(version);
        int begin = index * size;
        int end = (int) Math.min((long) begin + size, version.payload().length);
        var headers =
                new HeaderList(RecordKind.CHUNK)
                        .add(AdapterTopicFormat.SHA256, version.sha256())
                        .add(AdapterTopicFormat.LENGTH, version.payload().length)
                        .add(AdapterTopicFormat.CHUNKS, chunks)
                        .checked(version.name());
        return new TopicRecord(
                version.adapterId(),
                TopicKey.chunk(version.adapterId(), version.step(), index).text(),
                headers,
                Arrays.copyOfRange(version.payload(), begin, end));
    }

    static TopicRecord removal(TopicKey key) {
        return new TopicRecord(key.adapterId(), key.text(), List.of(), null);
    }

    private static void checkHash(AdapterVersion version) {
        String found = Sha256.of(version.payload());
        if (!found.equals(version.sha256())) {
            throw new IllegalArgumentException(
                    "Version "
                            + version.name()
                            + " with SHA-256 ("
                            + version.sha256()
                            + ") must have that of its payload, "
                            + found
                            + ".");
        }
    }
}
