package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterIds;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key of an adapter topic: {@code id}, {@code id@step}, {@code id@step#chunk} or that of a claim.
 *
 * <p>An id that holds {@code @} or {@code #} is written {@code @:} and the id with {@code %25},
 * {@code %40} and {@code %23} for the three characters. Any other id is written as it is, a percent
 * sign too, so no two ids have one spelling.
 *
 * @param adapterId the adapter; empty in the key of a claim
 * @param step the version's step; -1 in a pointer's key
 * @param chunk the chunk's index; -1 unless it is a chunk's key
 */
record TopicKey(String adapterId, long step, int chunk) {

    /** The largest step that is believed, a step a millisecond for thirty years. */
    static final long MAX_STEP = 1_000_000_000_000L;

    private static final int MAX_SHOWN = 60;
    private static final String ESCAPED = "@:";
    private static final String CLAIM_TEXT = "@writer";

    /** Of the record that says who writes the topic; no adapter can have that id. */
    static final TopicKey CLAIM = new TopicKey("", -1, -1);

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
        try {
            TopicKey key = text.equals(CLAIM_TEXT) ? CLAIM : parse(text);
            // one spelling for each key, or compaction would keep two records of one version
            if (Arrays.equals(key.text().getBytes(StandardCharsets.UTF_8), bytes)) {
                return key;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            // said below
        }
        throw new InvalidRecordException(
                "Record key (" + shown(text) + ") must be id, id@step or id@step#i.");
    }

    private static TopicKey parse(String text) {
        boolean escaped = text.startsWith(ESCAPED);
        int begin = escaped ? ESCAPED.length() : 0;
        int at = text.indexOf('@', begin);
        int hash = at < 0 ? -1 : text.indexOf('#', at);
        String id = text.substring(begin, at < 0 ? text.length() : at);
        return new TopicKey(
                AdapterIds.check(escaped ? unescaped(id) : id),
                at < 0 ? -1 : number(text, at + 1, hash < 0 ? text.length() : hash),
                hash < 0 ? -1 : Math.toIntExact(number(text, hash + 1, text.length())));
    }

    private static long number(String text, int begin, int end) {
        long number = Long.parseLong(text, begin, end, 10);
        if (number < 0 || number > MAX_STEP) {
            throw new IllegalArgumentException();
        }
        return number;
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private static String escaped(String id) {
        return id.indexOf('@') < 0 && id.indexOf('#') < 0
                ? id
                : ESCAPED + id.replace("%", "%25").replace("@", "%40").replace("#", "%23");
    }

    private static String unescaped(String id) {
        return id.replace("%23", "#").replace("%40", "@").replace("%25", "%");
    }

    /** As it is written to the topic. */
    String text() {
        return kind() == RecordKind.CLAIM ? CLAIM_TEXT : text(escaped(adapterId));
    }

    private String text(String id) {
        return switch (kind()) {
            case POINTER, CLAIM -> id;
            case VERSION -> id + "@" + step;
            case CHUNK -> id + "@" + step + "#" + chunk;
        };
    }

    /** As people call it: with the id as it is. */
    @Override
    public String toString() {
        return kind() == RecordKind.CLAIM ? CLAIM_TEXT : text(adapterId);
    }
}
