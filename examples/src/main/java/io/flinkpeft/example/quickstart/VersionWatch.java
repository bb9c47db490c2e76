package io.flinkpeft.example.quickstart;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.VersionSource;

/** Notes the versions as a subscriber of their topic is told of them; keeps the newest. */
final class VersionWatch implements VersionSource.Listener {

    private final Observations seen;
    private volatile AdapterVersion newest;
    private volatile Throwable failure;

    VersionWatch(Observations seen) {
        this.seen = seen;
    }

    /** The newest version; null if there is none. */
    AdapterVersion newest() {
        return newest;
    }

    /** Fails if the subscription has failed. */
    void check() {
        if (failure != null) {
            throw new IllegalStateException("The subscription to versions failed.", failure);
        }
    }

    @Override
    public void current(AdapterVersion version) {
        seen.published(version, System.currentTimeMillis());
        newest = version;
    }

    @Override
    public void none(String adapterId, long step) {}

    @Override
    public void removed(String adapterId) {
        failure = new IllegalStateException("Adapter " + adapterId + " was removed.");
    }

    @Override
    public void refused(String adapterId, String reason) {
        failure = new IllegalStateException("Adapter " + adapterId + " was refused: " + reason);
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }
}
