package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.file.Path;

/**
 * Where a version can be loaded from, as often as it is needed: a published version on this
 * machine's disk, or a PEFT directory. It counts its uses, so that the place on disk is given back
 * after the last one. Any thread may use it.
 */
final class Origin {

    private interface Loader {
        ServingAdapter load(Predictor predictor);
    }

    private final String adapterId;
    private final long step;
    private final String content;
    private final long maxTimestampMillis;
    private final Loader loader;
    private final Runnable free;
    private int uses = 1;
    private boolean served;

    private Origin(
            String adapterId,
            long step,
            String content,
            long maxTimestampMillis,
            Loader loader,
            Runnable free) {
        this.adapterId = adapterId;
        this.step = step;
        this.content = content;
        this.maxTimestampMillis = maxTimestampMillis;
        this.loader = loader;
        this.free = free;
    }

    /** A published version; only its place on disk stays in memory. */
    static Origin of(AdapterVersion version, StoredVersions versions) {
        var stored = versions.store(version);
        return new Origin(
                version.adapterId(),
                version.step(),
                version.sha256() + version.baseHash(),
                version.lineage().maxTimestampMillis(),
                predictor -> predictor.load(versions.load(stored)),
                () -> versions.free(stored));
    }

    static Origin of(String adapterId, long step, Path directory) {
        return new Origin(
                adapterId,
                step,
                directory.toString(),
                Long.MIN_VALUE,
                predictor -> predictor.load(adapterId, directory),
                () -> {});
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

    /** The largest event time it was trained on; {@link Long#MIN_VALUE} if that is not known. */
    long maxTimestampMillis() {
        return maxTimestampMillis;
    }

    /** Whether both are the same version. */
    boolean equalTo(Origin other) {
        return other != null
                && adapterId.equals(other.adapterId)
                && step == other.step
                && content.equals(other.content);
    }

    /**
     * Loads it.
     *
     * @throws IllegalArgumentException if it cannot serve with this base
     */
    ServingAdapter load(Predictor predictor) {
        return loader.load(predictor);
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
            free.run();
        }
    }
}
