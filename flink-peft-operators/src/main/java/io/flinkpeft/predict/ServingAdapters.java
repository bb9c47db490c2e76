package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.train.Predictor;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest usable version of every adapter, loaded when there is room or need.
 *
 * <p>A version takes the place of the one before it only once it is loaded: who holds the old one
 * keeps it, and it is freed after its last use. A version that cannot be loaded is refused, and the
 * one before it serves: the one that served, if it is no newer, or else what {@link Earlier} gives.
 * What does not fit leaves the device, the least recently used first, and is loaded again from this
 * machine's disk when it is asked for.
 *
 * <p>Any thread may use it. Nothing is loaded while the lock is held, so a new version of one
 * adapter does not delay predictions with others.
 */
final class ServingAdapters implements VersionSource.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServingAdapters.class);

    /** How long a prediction waits for the version before a refused one. */
    private static final long PATIENCE_MILLIS = 10_000;

    /** Asks for the newest version of an adapter before a step; see {@link VersionSource}. */
    interface Earlier {
        void ask(ServingAdapters asking, String adapterId, long step);
    }

    private final Predictor predictor;
    private final Earlier earlier;
    private final StoredVersions versions = new StoredVersions();
    private final Map<String, ServedAdapter> adapters = new HashMap<>();
    private final LoadedVersions loaded;

    private long swaps;
    private long refusals;
    private long newestMillis = Long.MIN_VALUE;
    private Optional<Throwable> failure = Optional.empty();
    private boolean closed;

    ServingAdapters(Predictor predictor, long capacityBytes, Earlier earlier) {
        this.predictor = predictor;
        this.loaded = new LoadedVersions(capacityBytes);
        this.earlier = earlier;
    }

    @Override
    public void current(AdapterVersion version) {
        try {
            offer(new Origin.Published(version, versions));
        } catch (UncheckedIOException e) {
            failed(e); // the disk, not the version
        }
    }

    @Override
    public synchronized void none(String adapterId, long step) {
        adapter(adapterId).asked = false;
        notifyAll();
    }

    @Override
    public synchronized void removed(String adapterId) {
        find(adapterId).ifPresent(ServedAdapter::clear);
        adapters.remove(adapterId);
        loaded.evict(adapterId);
        notifyAll();
    }

    @Override
    public synchronized void refused(String adapterId, String reason) {
        refusals++;
        ServedAdapter adapter = adapter(adapterId);
        adapter.refusal = Optional.of(reason);
        log(adapterId, adapter, reason);
    }

    @Override
    public synchronized void failed(Throwable cause) {
        if (closed) {
            return; // what was told or loaded meanwhile finds nothing open any more
        }
        LOG.warn("No adapter can be served any more.", cause);
        failure = Optional.of(cause);
        notifyAll();
    }

    /** From now on this is the adapter's version, if it can be loaded. */
    void offer(Origin origin) {
        ServedAdapter adapter;
        synchronized (this) {
            adapter = adapter(origin.adapterId());
            boolean known =
                    adapter.pending.isEmpty() && adapter.proven.filter(origin::equalTo).isPresent();
            if (closed || known) { // a source that was closed may have one to tell yet
                adapter.asked = false;
                origin.release();
                return;
            }
            if (!adapter.asked) {
                adapter.refusal = Optional.empty();
            }
            adapter.want(origin);
            notifyAll();
            if (adapter.loaded.isEmpty() && loaded.isFull()) {
                return; // no room: loaded when it is asked for
            }
        }
        try {
            bring(adapter, 0).ifPresent(LoadedVersion::release);
        } catch (RuntimeException e) {
            failed(e); // not the version's fault, so the version before it is no way out
        }
    }

    private ServedAdapter adapter(String adapterId) {
        return adapters.computeIfAbsent(adapterId, id -> new ServedAdapter());
    }

    /**
     * The adapter's version, which stays loaded until it is released.
     *
     * @return empty if there is none that can serve
     * @throws IllegalStateException if the versions ended with an error, which is the cause
     */
    Optional<LoadedVersion> hold(String adapterId) {
        Optional<ServedAdapter> adapter;
        synchronized (this) {
            failure.ifPresent(ServingAdapters::rethrow);
            adapter = find(adapterId);
            var held = adapter.flatMap(found -> found.loaded);
            if (held.isPresent()) {
                loaded.touch(adapterId);
                return held.map(LoadedVersion::retain);
            }
        }
        return adapter.flatMap(found -> bring(found, PATIENCE_MILLIS));
    }

    private static void rethrow(Throwable failure) {
        throw new IllegalStateException(
                "No adapter can be served any more: " + failure.getMessage(), failure);
    }

    private Optional<ServedAdapter> find(String adapterId) {
        return Optional.ofNullable(adapters.get(adapterId));
    }

    /** Why the adapter's newest version cannot serve, if it cannot. */
    synchronized Optional<String> refusal(String adapterId) {
        return find(adapterId).flatMap(adapter -> adapter.refusal);
    }

    /** How often a version took the place of another. */
    synchronized long swaps() {
        return swaps;
    }

    /** How many versions could not be used. */
    synchronized long refusals() {
        return refusals;
    }

    /** The bytes on this machine's disk. */
    long spilledBytes() {
        return versions.file().size();
    }

    /** How many adapters are on the device. */
    synchronized int onDevice() {
        return loaded.size();
    }

    /** The largest event time that a version was trained on; {@link Long#MIN_VALUE} if unknown. */
    synchronized long newestMillis() {
        return newestMillis;
    }

    synchronized boolean hasFailed() {
        return failure.isPresent();
    }

    /** Frees every adapter that is not held. */
    @Override
    public synchronized void close() {
        closed = true;
        adapters.values().forEach(ServedAdapter::clear);
        loaded.evictAll();
        versions.close();
        notifyAll();
    }

    /** Loads what the adapter wants, and holds what it then has. */
    private Optional<LoadedVersion> bring(ServedAdapter adapter, long patienceMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        while (true) {
            synchronized (adapter) { // one thread loads an adapter, others wait for it
                var wanted = wanted(adapter);
                while (wanted.isPresent()) {
                    load(adapter, wanted.get());
                    wanted = wanted(adapter);
                }
            }
            synchronized (this) {
                if (adapter.loaded.isPresent()) {
                    return adapter.loaded.map(LoadedVersion::retain);
                }
                if (adapter.wanted().isEmpty() && !awaitAnswer(adapter, deadline)) {
                    return Optional.empty();
                }
            }
        }
    }

    /** What is to be loaded, in use. */
    private synchronized Optional<Origin> wanted(ServedAdapter adapter) {
        return adapter.wanted().map(Origin::retain);
    }

    private void load(ServedAdapter adapter, Origin wanted) {
        try {
            install(adapter, new LoadedVersion(wanted, wanted.load(predictor)));
        } catch (IllegalArgumentException e) {
            if (refused(adapter, wanted, e.getMessage())) {
                earlier.ask(this, wanted.adapterId(), wanted.step());
            }
        } finally {
            wanted.release();
        }
    }

    /** Waits for the version before a refused one; false if none was asked for, or for too long. */
    private boolean awaitAnswer(ServedAdapter adapter, long deadline) {
        while (adapter.asked && adapter.wanted().isEmpty() && adapter.loaded.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return adapter.wanted().isPresent() || adapter.loaded.isPresent();
    }

    private synchronized void install(ServedAdapter adapter, LoadedVersion next) {
        Origin origin = next.origin();
        if (!adapter.wants(origin)) { // a newer one came, or none is wanted any more
            next.release();
            return;
        }
        if (adapter.proven.filter(before -> before != origin).isPresent()) {
            swaps++;
        }
        newestMillis = Math.max(newestMillis, origin.maxTimestampMillis());
        loaded.install(adapter, next);
        List<String> notes = next.loaded().notes();
        if (origin.firstServed() && !notes.isEmpty()) {
            LOG.warn("Version {} serves. {}", origin.name(), String.join(" ", notes));
        }
    }

    /** Whether the version before it is to be asked for. */
    private synchronized boolean refused(ServedAdapter adapter, Origin origin, String reason) {
        if (!adapter.wants(origin)) {
            return false; // a newer one came, or none is wanted any more
        }
        refusals++;
        adapter.refuse(origin, reason);
        if (adapter.proven.filter(served -> served.step() > origin.step()).isPresent()) {
            adapter.forgetProven(); // it was rolled back
            loaded.evict(origin.adapterId());
        }
        log(origin.name(), adapter, reason);
        adapter.asked = adapter.proven.isEmpty();
        return adapter.asked;
    }

    private static void log(String refused, ServedAdapter adapter, String reason) {
        LOG.warn(
                "Version {} was refused, {}. {}",
                refused,
                adapter.proven
                        .map(served -> served.name() + " stays")
                        .orElse("the newest before it is looked for"),
                reason);
    }
}
