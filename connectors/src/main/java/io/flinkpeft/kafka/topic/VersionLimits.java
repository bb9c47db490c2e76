package io.flinkpeft.kafka.topic;

/**
 * How much memory what comes from a topic may take.
 *
 * @param versionBytes the largest payload that is accepted
 * @param pendingBytes the most bytes kept of versions that no pointer has named; what is beyond is
 *     dropped, oldest first, and read again from the topic if a pointer names it; at least {@code
 *     versionBytes}
 */
record VersionLimits(long versionBytes, long pendingBytes) {

    static final VersionLimits DEFAULT = new VersionLimits(256L << 20, 512L << 20);

    VersionLimits {
        if (versionBytes < 1) {
            throw new IllegalArgumentException(
                    "versions.max-version-bytes (" + versionBytes + ") must be at least 1.");
        }
        if (pendingBytes < versionBytes) {
            throw new IllegalArgumentException(
                    "versions.max-pending-bytes ("
                            + pendingBytes
                            + ") must be at least versions.max-version-bytes ("
                            + versionBytes
                            + ").");
        }
    }
}
