package io.flinkpeft.kafka.topic;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.serve.VersionSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** A listener that keeps what it was told. */
final class ToldVersions implements VersionSource.Listener {

    private final List<String> log = new ArrayList<>();
    private final Map<String, AdapterVersion> current = new TreeMap<>();
    private Predicate<AdapterVersion> refused = version -> false;
    private BiConsumer<String, Long> earlier = (adapterId, step) -> {};

    /** From now on such versions are refused, as an engine would. */
    synchronized void refuse(Predicate<AdapterVersion> refused) {
        this.refused = refused;
    }

    /** Who is asked for the version before a refused one. */
    synchronized void asks(BiConsumer<String, Long> earlier) {
        this.earlier = earlier;
    }

    @Override
    public synchronized void current(AdapterVersion version) {
        log.add("current " + version.name());
        if (refused.test(version)) {
            earlier.accept(version.adapterId(), version.step());
        } else {
            current.put(version.adapterId(), version);
        }
    }

    @Override
    public synchronized void none(String adapterId, long step) {
        log.add("none of " + adapterId + " before " + step);
    }

    @Override
    public synchronized void removed(String adapterId) {
        log.add("removed " + adapterId);
        current.remove(adapterId);
    }

    @Override
    public synchronized void refused(String adapterId, String reason) {
        log.add("refused " + adapterId + ": " + reason);
    }

    @Override
    public synchronized void failed(Throwable cause) {
        log.add("failed: " + cause.getMessage());
    }

    synchronized List<String> log() {
        return List.copyOf(log);
    }

    synchronized AdapterVersion current(String adapterId) {
        return current.get(adapterId);
    }

    synchronized Map<String, AdapterVersion> current() {
        return new TreeMap<>(current);
    }
}
