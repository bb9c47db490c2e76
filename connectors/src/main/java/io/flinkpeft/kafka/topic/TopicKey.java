package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterIds;
import java.nio.charset.StandardCharsets;

/**
 * A key of an adapter topic: {@code id}, {@code id@step}, {@code id@step#chunk} or that of a claim.
 *
 * @param adapterId the adapter
 * @param step the version's step; -1 in a pointer's key
 * @param chunk the chunk's index; -1 unless it is a chunk's key
 */
record TopicKey(String adapterId, long step, int chunk) {

    private static final int MAX_SHOWN = 60;

    /** Of the record that says who writes the topic; no adapter can have that id. */
    static final TopicKey CLAIM = new TopicKey("@writer", -1, -1);

    static TopicKey pointer(String adapterId) {
        return new TopicKey(adapterId, -1, -1);
    }

    static TopicKey version(String adapterId, long step) {
        return new TopicKey(adapterId, step, -1);
    }

    static TopicKey chunk(String adapterId, long step, int chunk) {
        return new TopicKey(adapterId, step, chunk);
    }

    RecordKind kind() {
        if (step < 0) {
            return equals(CLAIM) ? RecordKind.CLAIM : RecordKind.POINTER;
        }
        return chunk < 0 ? RecordKind.VERSION : RecordKind.CHUNK;
    }

    /** The key of the version this key is a part of. */
    TopicKey version() {
        return version(adapterId, step);
    }

    static TopicKey parse(byte[] bytes) throws InvalidRecordException {
        if (bytes == null) {
            throw new InvalidRecordException("Record key (null) must be id, id@step or id@step#i.");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.equals(CLAIM.adapterId())) {
            return CLAIM;
        }
        int at = text.indexOf('@');
        int hash = text.indexOf('#', at + 1);
        try {
            var key =
                    new TopicKey(
                            AdapterIds.check(at < 0 ? text : text.substring(0, at)),
                            at < 0 ? -1 : number(text, at + 1, hash < 0 ? text.length() : hash),
                            hash < 0 ? -1 : Math.toIntExact(number(text, hash + 1, text.length())));
            // one spelling for each key, or compaction would keep two records of one version
            if (key.toString().equals(text)) {
                return key;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // said below
        }
        throw new InvalidRecordException(
                "Record key (" + shown(text) + ") must be id, id@step or id@step#i.");
    }

    private static long number(String text, int begin, int end) {
        long number = Long.parseLong(text, begin, end, 10);
        if (number < 0) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    @Override
    public String toString() {
        return switch (kind()) {
            case POINTER, CLAIM -> adapterId;
            case VERSION -> adapterId + "@" + step;
            case CHUNK -> adapterId + "@" + step + "#" + chunk;
        };
    }
}
