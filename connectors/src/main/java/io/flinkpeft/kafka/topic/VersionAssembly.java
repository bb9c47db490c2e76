package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.SpillFile;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.StoredVersions.Stored;
import java.util.Map;
import java.util.TreeMap;

/**
 * One version on its way: its chunks, then the version itself or why it cannot be one. What it
 * holds is on disk.
 */
final class VersionAssembly {

    private final TopicKey key;
    private final long maxBytes;
    private final StoredVersions store;
    private final Map<Integer, SpillFile.Slice> parts = new TreeMap<>();
    private String sha256;
    private Stored version;
    private String broken;
    private long bytes;

    VersionAssembly(TopicKey key, long maxBytes, StoredVersions store) {
        this.key = key;
        this.maxBytes = maxBytes;
        this.store = store;
    }

    /** How many chunks it holds. */
    int parts() {
        return parts.size();
    }

    /** The bytes it holds. */
    long bytes() {
        return bytes;
    }

    Lookup lookup() {
        if (version != null) {
            return Lookup.found(version);
        }
        if (broken != null) {
            return Lookup.broken(broken);
        }
        return parts.isEmpty()
                ? Lookup.UNSEEN
                : Lookup.broken("Version " + key + " must have a record that ends its chunks.");
    }

    void breaks(String reason) {
        clear();
        broken = "Version " + key + ": " + reason;
    }

    void add(TopicEntry.Chunk chunk) {
        if (version != null || broken != null || !chunk.sha256().equals(sha256)) {
            // the version is written anew
            clear();
            sha256 = chunk.sha256();
        }
        var slice = store.file().write(chunk.value());
        var before = parts.put(chunk.key().chunk(), slice);
        bytes += slice.length();
        if (before != null) {
            bytes -= before.length();
            store.file().free(before);
        }
        if (chunk.bytes() > maxBytes || bytes > chunk.bytes()) {
            breaks(tooLarge(Math.max(chunk.bytes(), bytes), Math.min(chunk.bytes(), maxBytes)));
        }
    }

    void add(TopicEntry.Version entry) {
        VersionHead head = entry.head();
        try {
            if (head.bytes() > maxBytes) {
                throw new InvalidRecordException(tooLarge(head.bytes(), maxBytes));
            }
            var whole = head.with(head.chunks() == 0 ? entry.value() : joined(head));
            clear();
            version = store.store(whole);
            bytes = version.bytes();
        } catch (InvalidRecordException e) {
            breaks(e.getMessage());
        }
    }

    private byte[] joined(VersionHead head) throws InvalidRecordException {
        if (parts.size() != head.chunks()
                || bytes != head.bytes()
                || !head.sha256().equals(sha256)) {
            throw new InvalidRecordException(
                    "Chunks ("
                            + parts.size()
                            + " with "
                            + bytes
                            + " bytes of "
                            + (sha256 == null ? "nothing" : "SHA-256 " + sha256)
                            + ") must be "
                            + head.chunks()
                            + " with "
                            + head.bytes()
                            + " bytes of SHA-256 "
                            + head.sha256()
                            + ".");
        }
        var payload = new byte[head.bytes()];
        int at = 0;
        for (var part : parts.values()) {
            System.arraycopy(store.file().read(part), 0, payload, at, part.length());
            at += part.length();
        }
        return payload;
    }

    /** Gives back the place of all that it holds. */
    void clear() {
        parts.values().forEach(store.file()::free);
        parts.clear();
        sha256 = null;
        if (version != null) {
            store.free(version);
            version = null;
        }
        broken = null;
        bytes = 0;
    }

    private static String tooLarge(long bytes, long max) {
        return "Payload (" + bytes + " bytes) must have at most " + max + ".";
    }
}
