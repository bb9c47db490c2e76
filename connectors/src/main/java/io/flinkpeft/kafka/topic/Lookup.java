package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;

/**
 * What is known of a version that was asked for.
 *
 * @param version the version; null if it is not there whole
 * @param reason why not; null if it is, or if nothing was seen of it
 */
record Lookup(AdapterVersion version, String reason) {

    static final Lookup UNSEEN = new Lookup(null, null);

    static Lookup found(AdapterVersion version) {
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
}
