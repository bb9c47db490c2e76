package io.flinkpeft.kafka.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record read from an adapter topic. */
sealed interface TopicEntry {

    /** The key it has. */
    TopicKey key();

    /** A version, whole or, if it was cut into chunks, without its payload. */
    record Version(TopicKey key, VersionHead head, byte[] value) implements TopicEntry {}

    /** A part of a payload. */
    record Chunk(TopicKey key, String sha256, int bytes, int chunks, byte[] value)
            implements TopicEntry {}

    /** Says which version is current. */
    record Pointer(TopicKey key, long step, String sha256) implements TopicEntry {

        TopicKey target() {
            return TopicKey.version(key.adapterId(), step);
        }
    }

    /** Says who writes the topic. */
    record Claim(TopicKey key, WriterClaim claim) implements TopicEntry {}

    /** What the key held is taken away. */
    record Removal(TopicKey key) implements TopicEntry {}

    /** Whether a record takes away what its key held: a tombstone. */
    static boolean isRemoval(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null;
    }

    /** Reads a record; the key has been parsed. */
    static TopicEntry read(TopicKey key, ConsumerRecord<byte[], byte[]> record)
            throws InvalidRecordException {
        if (isRemoval(record)) {
            return new Removal(key);
        }
        var headers = new HeaderReader(record.headers());
        headers.expect(
                AdapterTopicFormat.FORMAT, Integer.toString(AdapterTopicFormat.FORMAT_VERSION));
        headers.expect(AdapterTopicFormat.KIND, key.kind().text());
        return switch (key.kind()) {
            case POINTER -> pointer(key, headers, record.value());
            case CHUNK -> chunk(key, headers, record.value());
            case CLAIM -> new Claim(key, WriterClaim.read(headers, record.value()));
            case VERSION -> new Version(key, VersionHead.read(key, headers), record.value());
        };
    }

    private static Pointer pointer(TopicKey key, HeaderReader headers, byte[] value)
            throws InvalidRecordException {
        String text = new String(value, StandardCharsets.UTF_8);
        long step = HeaderReader.number("of the step", text, 0, Long.MAX_VALUE);
        return new Pointer(key, step, headers.sha256());
    }

    private static Chunk chunk(TopicKey key, HeaderReader headers, byte[] value)
            throws InvalidRecordException {
        int chunks =
                (int) headers.number(AdapterTopicFormat.CHUNKS, 1, AdapterTopicFormat.MAX_CHUNKS);
        int bytes = (int) headers.number(AdapterTopicFormat.LENGTH, 0, Integer.MAX_VALUE);
        if (key.chunk() >= chunks) {
            throw new InvalidRecordException(
                    "Chunk " + key + " must be one of " + chunks + ", counted from 0.");
        }
        return new Chunk(key, headers.sha256(), bytes, chunks, value);
    }
}
