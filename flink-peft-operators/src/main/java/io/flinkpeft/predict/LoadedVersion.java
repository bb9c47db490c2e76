package io.flinkpeft.predict;

import io.flinkpeft.train.ServingAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A loaded version with the number of its uses, so that it is freed after the last one, even when a
 * newer version has taken its place meanwhile. Any thread may use it.
 */
final class LoadedVersion {

    private final Origin origin;
    private final ServingAdapter loaded;
    private final AtomicInteger uses = new AtomicInteger(1);

    /** Begins with one use, that of the caller. */
    LoadedVersion(Origin origin, ServingAdapter loaded) {
        this.origin = origin;
        this.loaded = loaded;
    }

    Origin origin() {
        return origin;
    }

    ServingAdapter loaded() {
        return loaded;
    }

    long bytes() {
        return loaded.bytes();
    }

    /** One use more; the caller must know that there is one. */
    LoadedVersion retain() {
        uses.incrementAndGet();
        return this;
    }

    void release() {
        if (uses.decrementAndGet() == 0) {
            loaded.close();
        }
    }
}
