package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.StoredVersions;
import io.flinkpeft.serve.VersionSource;
import io.flinkpeft.train.Predictor;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<String, AdapterSlot> slots = new HashMap<>();
    private final Residency residents;

    private long swaps;
    private long refusals;
    private long newestMillis = Long.MIN_VALUE;
    private Throwable failure;
    private boolean closed;

    ServingAdapters(Predictor predictor, long capacityBytes, Earlier earlier) {
        this.predictor = predictor;
        this.residents = new Residency(capacityBytes);
        this.earlier = earlier;
    }

    @Override
    public void current(AdapterVersion version) {
        try {
            offer(Origin.of(version, versions));
        } catch (UncheckedIOException e) {
            failed(e); // the disk, not the version
        }
    }

    @Override
    public synchronized void none(String adapterId, long step) {
        slot(adapterId).asked = false;
        notifyAll();
    }

    @Override
    public synchronized void removed(String adapterId) {
        AdapterSlot slot = slots.remove(adapterId);
        if (slot != null) {
            slot.clear();
            residents.evict(adapterId);
            notifyAll();
        }
    }

    @Override
    public synchronized void refused(String adapterId, String reason) {
        refusals++;
        AdapterSlot slot = slot(adapterId);
        slot.refusal = reason;
        log(adapterId, slot, reason);
    }

    @Override
    public synchronized void failed(Throwable cause) {
        if (closed) {
            return; // what was told or loaded meanwhile finds nothing open any more
        }
        LOG.warn("No adapter can be served any more.", cause);
        failure = cause;
        notifyAll();
    }

    /** From now on this is the adapter's version, if it can be loaded. */
    void offer(Origin origin) {
        AdapterSlot slot;
        synchronized (this) {
            slot = slot(origin.adapterId());
            boolean known = slot.pending == null && origin.equalTo(slot.proven);
            if (closed || known) { // a source that was closed may have one to tell yet
                slot.asked = false;
                origin.release();
                return;
            }
            if (!slot.asked) {
                slot.refusal = null;
            }
            slot.want(origin);
            notifyAll();
            if (slot.resident == null && residents.isFull()) {
                return; // no room: loaded when it is asked for
            }
        }
        try {
            Resident resident = bring(slot, 0);
            if (resident != null) {
                resident.release();
            }
        } catch (RuntimeException e) {
            failed(e); // not the version's fault, so the version before it is no way out
        }
    }

    private AdapterSlot slot(String adapterId) {
        return slots.computeIfAbsent(adapterId, id -> new AdapterSlot());
    }

    /**
     * The adapter's version, which stays loaded until it is released.
     *
     * @return null if there is none that can serve
     * @throws IllegalStateException if the versions ended with an error, which is the cause
     */
    Resident hold(String adapterId) {
        AdapterSlot slot;
        synchronized (this) {
            if (failure != null) {
                throw new IllegalStateException(
                        "No adapter can be served any more: " + failure.getMessage(), failure);
            }
            slot = slots.get(adapterId);
            if (slot == null) {
                return null;
            }
            if (slot.resident != null) {
                residents.touch(adapterId);
                return slot.resident.retain();
            }
        }
        return bring(slot, PATIENCE_MILLIS);
    }

    /** Why the adapter's newest version cannot serve; null if it can or there is none. */
    synchronized String refusal(String adapterId) {
        AdapterSlot slot = slots.get(adapterId);
        return slot == null ? null : slot.refusal;
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

    synchronized int residents() {
        return residents.size();
    }

    /** The largest event time that a version was trained on; {@link Long#MIN_VALUE} if unknown. */
    synchronized long newestMillis() {
        return newestMillis;
    }

    synchronized boolean hasFailed() {
        return failure != null;
    }

    /** Frees every adapter that is not held. */
    @Override
    public synchronized void close() {
        closed = true;
        slots.values().forEach(AdapterSlot::clear);
        residents.evictAll();
        versions.close();
        notifyAll();
    }

    /** Loads what the slot wants and holds what it then has, or null. */
    private Resident bring(AdapterSlot slot, long patienceMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        while (true) {
            synchronized (slot) { // one thread loads an adapter, others wait for it
                Origin wanted;
                while ((wanted = wanted(slot)) != null) {
                    load(slot, wanted);
                }
            }
            synchronized (this) {
                if (slot.resident != null) {
                    return slot.resident.retain();
                }
                if (slot.wanted() == null && !awaitAnswer(slot, deadline)) {
                    return null;
                }
            }
        }
    }

    /** What is to be loaded, in use; null if nothing is. */
    private synchronized Origin wanted(AdapterSlot slot) {
        Origin wanted = slot.wanted();
        return wanted == null ? null : wanted.retain();
    }

    private void load(AdapterSlot slot, Origin wanted) {
        try {
            install(slot, new Resident(wanted, wanted.load(predictor)));
        } catch (IllegalArgumentException e) {
            if (refused(slot, wanted, e.getMessage())) {
                earlier.ask(this, wanted.adapterId(), wanted.step());
            }
        } finally {
            wanted.release();
        }
    }

    /** Waits for the version before a refused one; false if none was asked for, or for too long. */
    private boolean awaitAnswer(AdapterSlot slot, long deadline) {
        while (slot.asked && slot.wanted() == null && slot.resident == null) {
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
        return slot.wanted() != null || slot.resident != null;
    }

    private synchronized void install(AdapterSlot slot, Resident loaded) {
        Origin origin = loaded.origin();
        if (slot.wanted() != origin) { // a newer one came, or none is wanted any more
            loaded.release();
            return;
        }
        if (slot.proven != null && slot.proven != origin) {
            swaps++;
        }
        newestMillis = Math.max(newestMillis, origin.maxTimestampMillis());
        residents.install(slot, loaded);
        List<String> notes = loaded.loaded().notes();
        if (origin.firstServed() && !notes.isEmpty()) {
            LOG.warn("Version {} serves. {}", origin.name(), String.join(" ", notes));
        }
    }

    /** Whether the version before it is to be asked for. */
    private synchronized boolean refused(AdapterSlot slot, Origin origin, String reason) {
        if (slot.wanted() != origin) {
            return false; // a newer one came, or none is wanted any more
        }
        refusals++;
        slot.refuse(origin, reason);
        if (slot.proven != null && slot.proven.step() > origin.step()) {
            slot.forgetProven(); // it was rolled back
            residents.evict(origin.adapterId());
        }
        log(origin.name(), slot, reason);
        slot.asked = slot.proven == null;
        return slot.asked;
    }

    private static void log(String refused, AdapterSlot slot, String reason) {
        LOG.warn(
                "Version {} was refused, {}. {}",
                refused,
                slot.proven == null
                        ? "the newest before it is looked for"
                        : slot.proven.name() + " stays",
                reason);
    }
}
