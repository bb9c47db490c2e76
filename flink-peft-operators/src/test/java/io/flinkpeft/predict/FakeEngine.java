package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.train.Classification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine whose label is the name of the version that computed it; counts what is loaded. */
final class FakeEngine implements Engine {

    static final String BASE = "base-a";
    static final long ADAPTER_BYTES = 10;

    private record Fake(String name, Set<Fake> live, List<String> notes) implements Loaded {

        @Override
        public long bytes() {
            return ADAPTER_BYTES;
        }

        @Override
        public void close() {
            if (!live.remove(this)) {
                throw new IllegalStateException(name + " was freed twice");
            }
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final Set<Fake> live = ConcurrentHashMap.newKeySet();
    final AtomicInteger loads = new AtomicInteger();
    final AtomicBoolean closed = new AtomicBoolean();
    volatile List<String> notes = List.of();
    volatile RuntimeException loadFailure;
    volatile Runnable beforeClassify = () -> {};

    static AdapterVersion version(String adapterId, long step) {
        return version(adapterId, step, BASE, "whole");
    }

    static AdapterVersion version(String adapterId, long step, String base, String payload) {
        return new AdapterVersion(
                adapterId,
                step,
                -1,
                base,
                "LORA",
                new Numerics("fp32", 1, "cpu", "fake"),
                new Lineage(1, 1000 * step, List.of()),
                Map.of(),
                payload.getBytes(StandardCharsets.UTF_8),
                "sha of " + payload.hashCode());
    }

    /** How many adapters are loaded and not freed. */
    int live() {
        return live.size();
    }

    @Override
    public Loaded load(AdapterVersion version) {
        if (loadFailure != null) {
            throw loadFailure;
        }
        if (!version.baseHash().equals(BASE)) {
            throw new IllegalArgumentException(
                    "Version " + version.name() + " is of base " + version.baseHash() + ".");
        }
        if (new String(version.payload(), StandardCharsets.UTF_8).equals("corrupt")) {
            throw new IllegalArgumentException("Version " + version.name() + " is corrupt.");
        }
        return load(version.name());
    }

    @Override
    public Loaded load(String adapterId, Path peftDirectory) {
        if (Files.exists(peftDirectory.resolve("corrupt"))) {
            throw new IllegalArgumentException("Directory " + peftDirectory + " is corrupt.");
        }
        return load(adapterId + " in " + peftDirectory.getFileName());
    }

    private Loaded load(String name) {
        loads.incrementAndGet();
        var fake = new Fake(name, live, notes);
        live.add(fake);
        return fake;
    }

    @Override
    public void check(Throwable failure) {
        if (failure instanceof LinkageError || failure == loadFailure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void checkBase() {}

    @Override
    public List<Classification> predict(List<Request> requests) {
        beforeClassify.run();
        return requests.stream().map(this::classify).toList();
    }

    private Classification classify(Request request) {
        boolean alone = request.adapter() == null;
        if (request.text().startsWith(alone ? "poison all" : "poison")) {
            throw new IllegalStateException(request.text());
        }
        if (alone) {
            return new Classification("base", 0.5, List.of("base"), new float[1]);
        }
        var fake = (Fake) request.adapter();
        if (!fake.live().contains(fake)) { // of the engine that loaded it
            throw new IllegalStateException(fake.name() + " was freed before its last use");
        }
        float logit = request.text().startsWith("overflow") ? Float.NaN : 0;
        return new Classification(fake.name(), 1, List.of(fake.name()), new float[] {logit});
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
