package io.flinkpeft.testing;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.VersionSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A topic of versions in memory: {@code 'versions' = 'memory', 'versions.topic' = '...'}. A test
 * publishes; sources of the same topic tell their listeners in the publishing thread.
 */
public final class MemoryVersions {

    private static final Map<String, MemoryVersions> TOPICS = new ConcurrentHashMap<>();

    private final Map<String, AdapterVersion> current = new LinkedHashMap<>();
    private final Map<String, TreeMap<Long, AdapterVersion>> all = new HashMap<>();
    private final List<VersionSource.Listener> listeners = new CopyOnWriteArrayList<>();
    private boolean complete = true;

    private MemoryVersions() {}

    /** The topic of that name, made when it is first asked for. */
    public static MemoryVersions topic(String name) {
        return TOPICS.computeIfAbsent(name, key -> new MemoryVersions());
    }

    /** Makes a version its adapter's current one. */
    public synchronized void publish(AdapterVersion version) {
        current.put(version.adapterId(), version);
        all.computeIfAbsent(version.adapterId(), id -> new TreeMap<>())
                .put(version.step(), version);
        listeners.forEach(listener -> listener.current(version));
    }

    /** Takes an adapter's versions away. */
    public synchronized void remove(String adapterId) {
        current.remove(adapterId);
        all.remove(adapterId);
        listeners.forEach(listener -> listener.removed(adapterId));
    }

    /** Ends every subscription with an error. */
    public synchronized void fail(Throwable cause) {
        listeners.forEach(listener -> listener.failed(cause));
    }

    /** From now on sources never finish their bootstrap. */
    public synchronized void neverComplete() {
        complete = false;
    }

    /** How many sources are open now. */
    public int subscriptions() {
        return listeners.size();
    }

    private synchronized void earlier(
            VersionSource.Listener listener, String adapterId, long step) {
        var before = all.getOrDefault(adapterId, new TreeMap<>()).lowerEntry(step);
        if (before == null) {
            listener.none(adapterId, step);
        } else {
            listener.current(before.getValue());
        }
    }

    private synchronized void subscribe(VersionSource.Listener listener) {
        List.copyOf(current.values()).forEach(listener::current);
        listeners.add(listener);
    }

    VersionSource source() {
        return new Source();
    }

    private final class Source implements VersionSource {

        private Listener listener;

        @Override
        public void start(Listener listener) {
            this.listener = listener;
            subscribe(listener);
        }

        @Override
        public void awaitBootstrap(Duration timeout) {
            if (!complete) {
                throw new IllegalStateException(
                        "bootstrap.timeout (" + timeout + ") must be enough to read the topic.");
            }
        }

        @Override
        public void earlier(String adapterId, long step) {
            MemoryVersions.this.earlier(listener, adapterId, step);
        }

        @Override
        public void close() {
            listeners.remove(listener);
        }
    }
}
