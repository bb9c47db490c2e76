package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.file.Path;

/**
 * Where a version can be loaded from, as often as it is needed. It counts its uses, so that the
 * place on disk is given back after the last one. Any thread may use it.
 */
abstract sealed class Origin {

    /** A published version; only its place on this machine's disk stays in memory. */
    static final class Published extends Origin {

        private final StoredVersions versions;
        private final StoredVersions.Stored stored;
        private final String baseHash;
        private final long maxTimestampMillis;

        Published(AdapterVersion version, StoredVersions versions) {
            super(version.adapterId(), version.step());
            this.versions = versions;
            this.stored = versions.store(version);
            this.baseHash = version.baseHash();
            this.maxTimestampMillis = version.lineage().maxTimestampMillis();
        }

        @Override
        String content() {
            return stored.sha256() + baseHash;
        }

        @Override
        long maxTimestampMillis() {
            return maxTimestampMillis;
        }

        @Override
        ServingAdapter load(Predictor predictor) {
            return predictor.load(versions.load(stored));
        }

        @Override
        void free() {
            versions.free(stored);
        }
    }

    /** A PEFT directory. */
    static final class Directory extends Origin {

        private final Path path;

        Directory(String adapterId, long step, Path path) {
            super(adapterId, step);
            this.path = path;
        }

        @Override
        String content() {
            return path.toString();
        }

        @Override
        long maxTimestampMillis() {
            return Long.MIN_VALUE;
        }

        @Override
        ServingAdapter load(Predictor predictor) {
            return predictor.load(adapterId(), path);
        }

        @Override
        void free() {}
    }

    private final String adapterId;
    private final long step;
    private int uses = 1;
    private boolean served;

    private Origin(String adapterId, long step) {
        this.adapterId = adapterId;
        this.step = step;
    }

    String adapterId() {
        return adapterId;
    }

    long step() {
        return step;
    }

    String name() {
        return adapterId + "@" + step;
    }

    /** What tells apart versions of one name. */
    abstract String content();

    /** The largest event time it was trained on; {@link Long#MIN_VALUE} if that is not known. */
    abstract long maxTimestampMillis();

    /**
     * Loads it.
     *
     * @throws IllegalArgumentException if it cannot serve with this base
     */
    abstract ServingAdapter load(Predictor predictor);

    /** Gives back its place on disk. */
    abstract void free();

    /** Whether both are the same version. */
    boolean equalTo(Origin other) {
        return adapterId.equals(other.adapterId)
                && step == other.step
                && content().equals(other.content());
    }

    /** Whether this is the first time that it serves. */
    synchronized boolean firstServed() {
        boolean first = !served;
        served = true;
        return first;
    }

    /** One use more; the caller must know that there is one. */
    synchronized Origin retain() {
        uses++;
        return this;
    }

    synchronized void release() {
        if (--uses == 0) {
            free();
        }
    }
}
