package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.SpillFile;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.StoredVersions.Stored;
import java.util.Map;
import java.util.Optional;
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
    private String sha256 = ""; // of the chunks
    private Lookup ended = Lookup.UNSEEN; // until there is more than chunks
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
        return parts.isEmpty()
                ? ended
                : new Lookup.Broken("Version " + key + " must have a record that ends its chunks.");
    }

    void breaks(String reason) {
        clear();
        ended = new Lookup.Broken("Version " + key + ": " + reason);
    }

    void add(TopicEntry.Chunk chunk) {
        if (ended != Lookup.UNSEEN || !chunk.sha256().equals(sha256)) {
            // the version is written anew
            clear();
            sha256 = chunk.sha256();
        }
        var slice = store.file().write(chunk.value());
        var before = Optional.ofNullable(parts.put(chunk.key().chunk(), slice));
        bytes += slice.length() - before.map(SpillFile.Slice::length).orElse(0);
        before.ifPresent(store.file()::free);
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
            Stored stored = store.store(whole);
            ended = new Lookup.Found(stored);
            bytes = stored.bytes();
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
                            + (parts.isEmpty() ? "nothing" : "SHA-256 " + sha256)
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
        sha256 = "";
        ended.version().ifPresent(store::free);
        ended = Lookup.UNSEEN;
        bytes = 0;
    }

    private static String tooLarge(long bytes, long max) {
        return "Payload (" + bytes + " bytes) must have at most " + max + ".";
    }
}
