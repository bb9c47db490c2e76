package io.flinkpeft.predict;

import java.util.Optional;

/**
 * What is known of one adapter: the version that serves, and a newer one that is not loaded yet.
 * Guarded by the {@link ServingAdapters} that owns it.
 */
final class ServedAdapter {

    /** The version that was loaded with success. */
    Optional<Origin> proven = Optional.empty();

    /** The version to load next. */
    Optional<Origin> pending = Optional.empty();

    /** The proven version on the device, unless it was evicted. */
    Optional<LoadedVersion> loaded = Optional.empty();

    /** Why the newest version cannot serve, if it cannot. */
    Optional<String> refusal = Optional.empty();

    /** Whether a version before a refused one was asked for, and nothing was said yet. */
    boolean asked;

    /** What is to be loaded now. */
    Optional<Origin> wanted() {
        return loaded.isPresent() ? pending : pending.or(() -> proven);
    }

    /** Whether just this is to be loaded now. */
    boolean wants(Origin origin) {
        return wanted().filter(wanted -> wanted == origin).isPresent();
    }

    /** The version to load next from now on. */
    void want(Origin origin) {
        wantNothing();
        pending = Optional.of(origin);
    }

    private void wantNothing() {
        pending.ifPresent(Origin::release);
        pending = Optional.empty();
        asked = false;
    }

    /** Takes a loaded version; gives back the one before it. */
    Optional<LoadedVersion> install(LoadedVersion next) {
        var before = loaded;
        loaded = Optional.of(next);
        if (pending.filter(origin -> origin == next.origin()).isPresent()) {
            proven.ifPresent(Origin::release);
            proven = pending;
            pending = Optional.empty();
        }
        return before;
    }

    /** The adapter has no version any more; what is loaded is the owner's to free. */
    void clear() {
        wantNothing();
        forgetProven();
        refusal = Optional.empty();
    }

    /** What served does so no more. */
    void forgetProven() {
        proven.ifPresent(Origin::release);
        proven = Optional.empty();
    }

    /** Never tries this version again. */
    void refuse(Origin origin, String reason) {
        refusal = Optional.of(reason);
        if (pending.filter(next -> next == origin).isPresent()) {
            wantNothing();
        } else if (proven.filter(served -> served == origin).isPresent()) {
            forgetProven();
        }
    }
}
