package io.flinkpeft.predict;

/**
 * What is known of one adapter: the version that serves, and a newer one that is not loaded yet.
 * Guarded by the {@link ServingAdapters} that owns it.
 */
final class AdapterSlot {

    /** The version that was loaded with success; null if there is none. */
    Origin proven;

    /** The version to load next; null if there is none. */
    Origin pending;

    /** The proven version on the device; null if it was evicted. */
    Resident resident;

    /** Why the newest version cannot serve; null if it can. */
    String refusal;

    /** Whether a version before a refused one was asked for, and nothing was said yet. */
    boolean asked;

    /** What is to be loaded now; null if nothing is. */
    Origin wanted() {
        return pending != null ? pending : resident == null ? proven : null;
    }

    /** The version to load next from now on. */
    void want(Origin origin) {
        if (pending != null) {
            pending.release();
        }
        pending = origin;
        asked = false;
    }

    /** Takes a loaded version; gives back the one before it, or null. */
    Resident install(Resident loaded) {
        Resident before = resident;
        resident = loaded;
        Origin origin = loaded.origin();
        if (pending == origin) {
            if (proven != null) {
                proven.release();
            }
            proven = origin;
            pending = null;
        }
        return before;
    }

    /** The adapter has no version any more; what is loaded is the owner's to free. */
    void clear() {
        want(null);
        forgetProven();
        refusal = null;
    }

    /** What served does so no more. */
    void forgetProven() {
        if (proven != null) {
            proven.release();
            proven = null;
        }
    }

    /** Never tries this version again. */
    void refuse(Origin origin, String reason) {
        refusal = reason;
        if (pending == origin) {
            want(null);
        } else if (proven == origin) {
            forgetProven();
        }
    }
}
