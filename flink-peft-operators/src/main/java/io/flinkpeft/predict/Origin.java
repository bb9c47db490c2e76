package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import java.nio.file.Path;

/**
 * Where a version can be loaded from, as often as it is needed: the bytes of a published version,
 * or a PEFT directory.
 *
 * @param adapterId whose it is
 * @param step the version's step
 * @param version the published version; null for a directory
 * @param directory the PEFT directory; null for a published version
 */
record Origin(String adapterId, long step, AdapterVersion version, Path directory) {

    static Origin of(AdapterVersion version) {
        return new Origin(version.adapterId(), version.step(), version, null);
    }

    static Origin of(String adapterId, long step, Path directory) {
        return new Origin(adapterId, step, null, directory);
    }

    String name() {
        return adapterId + "@" + step;
    }

    /** The largest event time it was trained on; {@link Long#MIN_VALUE} if that is not known. */
    long maxTimestampMillis() {
        return version == null ? Long.MIN_VALUE : version.lineage().maxTimestampMillis();
    }

    /**
     * Loads it.
     *
     * @throws IllegalArgumentException if it cannot be used with this base
     */
    Engine.Loaded load(Engine engine) {
        return version == null ? engine.load(adapterId, directory) : engine.load(version);
    }
}
