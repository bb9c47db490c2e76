package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.VersionSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest usable version of every adapter, loaded when there is room or need.
 *
 * <p>A version takes the place of the one before it only once it is loaded: who holds the old one
 * keeps it, and it is freed after its last use. A version that cannot be loaded is refused, and the
 * one before it stays. What does not fit leaves the device, the least recently used first, and is
 * loaded again from its bytes when it is asked for.
 *
 * <p>Any thread may use it. Nothing is loaded while the lock is held, so a new version of one
 * adapter does not delay predictions with others.
 */
final class ServingAdapters implements VersionSource.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServingAdapters.class);

    private final Engine engine;
    private final long capacityBytes;
    private final Map<String, AdapterSlot> slots = new HashMap<>();

    /** The slots with a loaded adapter, the least recently used first. */
    private final LinkedHashMap<String, AdapterSlot> residents =
            new LinkedHashMap<>(16, 0.75f, true);

    private long residentBytes;
    private long swaps;
    private long refusals;
    private long newestMillis = Long.MIN_VALUE;
    private Throwable failure;
    private boolean closed;

    ServingAdapters(Engine engine, long capacityBytes) {
        this.engine = engine;
        this.capacityBytes = capacityBytes;
    }

    @Override
    public void current(AdapterVersion version) {
        offer(Origin.of(version));
    }

    @Override
    public synchronized void removed(String adapterId) {
        AdapterSlot slot = slots.get(adapterId);
        if (slot != null) {
            slot.clear();
            evict(adapterId);
        }
    }

    @Override
    public synchronized void refused(String adapterId, String reason) {
        refused(slots.computeIfAbsent(adapterId, id -> new AdapterSlot()), null, reason);
    }

    @Override
    public synchronized void failed(Throwable cause) {
        LOG.warn("No adapter can be served any more.", cause);
        failure = cause;
    }

    /** From now on this is the adapter's version, if it can be loaded. */
    void offer(Origin origin) {
        AdapterSlot slot;
        synchronized (this) {
            if (closed) {
                return; // a source that was closed may have one to tell yet
            }
            slot = slots.computeIfAbsent(origin.adapterId(), id -> new AdapterSlot());
            if (slot.pending == null && origin.equals(slot.proven)) {
                return; // told again, as after a restore of the writer
            }
            slot.pending = origin;
            if (slot.resident == null && residentBytes >= capacityBytes) {
                return; // no room: loaded when it is asked for
            }
        }
        try {
            Resident resident = bring(slot);
            if (resident != null) {
                resident.release();
            }
        } catch (RuntimeException e) {
            failed(e); // not the version's fault, so the version before it is no way out
        }
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
                residents.get(adapterId); // now the most recently used
                return slot.resident.retain();
            }
        }
        return bring(slot);
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
        List.copyOf(residents.keySet()).forEach(this::evict);
    }

    /** Loads what the slot wants and holds what it then has, or null. */
    private Resident bring(AdapterSlot slot) {
        synchronized (slot) { // one thread loads an adapter, others wait for it
            while (true) {
                Origin wanted;
                synchronized (this) {
                    wanted = slot.wanted();
                    if (wanted == null) {
                        return slot.resident == null ? null : slot.resident.retain();
                    }
                }
                try {
                    install(slot, new Resident(wanted, wanted.load(engine)));
                } catch (IllegalArgumentException e) {
                    refused(slot, wanted, e.getMessage());
                }
            }
        }
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
        Resident before = slot.install(loaded);
        residents.put(origin.adapterId(), slot);
        residentBytes += loaded.loaded().bytes();
        if (before != null) {
            residentBytes -= before.loaded().bytes();
            before.release();
        }
        while (residentBytes > capacityBytes && residents.size() > 1) {
            evict(residents.keySet().iterator().next());
        }
    }

    private synchronized void refused(AdapterSlot slot, Origin origin, String reason) {
        refusals++;
        slot.refuse(origin, reason);
        LOG.warn(
                "A version was refused, {}. {}",
                slot.proven == null ? "there is none before it" : slot.proven.name() + " stays",
                reason);
    }

    private void evict(String adapterId) {
        AdapterSlot slot = residents.remove(adapterId);
        if (slot != null) {
            residentBytes -= slot.resident.loaded().bytes();
            slot.resident.release();
            slot.resident = null;
        }
    }
}
