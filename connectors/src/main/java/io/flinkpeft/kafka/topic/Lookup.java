package io.flinkpeft.kafka.topic;

import io.flinkpeft.serve.StoredVersions.Stored;

/**
 * What is known of a version that was asked for.
 *
 * @param version the version, on disk; null if it is not there whole
 * @param reason why not; null if it is, or if nothing was seen of it
 */
record Lookup(Stored version, String reason) {

    static final Lookup UNSEEN = new Lookup(null, null);

    static Lookup found(Stored version) {
        return new Lookup(version, null);
    }

    static Lookup broken(String reason) {
        return new Lookup(null, reason);
    }

    boolean isFound() {
        return version != null;
    }

    boolean isUnseen() {
        return version == null && reason == null;
    }

    /** The same, if it is what a pointer names. */
    Lookup checked(TopicEntry.Pointer pointer) {
        if (!isFound() || version.sha256().equals(pointer.sha256())) {
            return this;
        }
        return broken(
                "Version "
                        + pointer.target()
                        + " with SHA-256 ("
                        + version.sha256()
                        + ") must have the one its pointer names, "
                        + pointer.sha256()
                        + ".");
    }
}
