package io.flinkpeft.predict;

import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.task.Label;
import io.flinkpeft.task.Prediction;
import io.flinkpeft.task.Request;
import io.flinkpeft.train.Predictor;
import io.flinkpeft.train.ServingAdapter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A predictor whose label is the name of the version that computed it; counts what is loaded. */
final class FakePredictor implements Predictor {

    static final String BASE = "base-a";
    static final long ADAPTER_BYTES = 10;

    private record Fake(String name, Set<Fake> live, List<String> notes) implements ServingAdapter {

        @Override
        public String adapterId() {
            return name;
        }

        @Override
        public long step() {
            return 0;
        }

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

    private static final Fake BASE_ALONE = new Fake("base", Set.of(), List.of());

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
    public ServingAdapter load(AdapterVersion version) {
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
    public ServingAdapter load(String adapterId, Path peftDirectory) {
        if (Files.exists(peftDirectory.resolve("corrupt"))) {
            throw new IllegalArgumentException("Directory " + peftDirectory + " is corrupt.");
        }
        return load(adapterId + " in " + peftDirectory.getFileName());
    }

    private ServingAdapter load(String name) {
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

    /** The base alone, which nobody frees. */
    @Override
    public ServingAdapter alone() {
        return BASE_ALONE;
    }

    @Override
    public List<Prediction> predict(List<Request<ServingAdapter>> requests) {
        beforeClassify.run();
        return requests.stream().<Prediction>map(this::classify).toList();
    }

    private Label classify(Request<ServingAdapter> request) {
        boolean alone = request.adapter() == BASE_ALONE;
        if (request.text().startsWith(alone ? "poison all" : "poison")) {
            throw new IllegalStateException(request.text());
        }
        if (alone) {
            return new Label("base", 0.5, List.of("base"), new float[1]);
        }
        var fake = (Fake) request.adapter();
        if (!fake.live().contains(fake)) { // of the engine that loaded it
            throw new IllegalStateException(fake.name() + " was freed before its last use");
        }
        float logit = request.text().startsWith("overflow") ? Float.NaN : 0;
        return new Label(fake.name(), 1, List.of(fake.name()), new float[] {logit});
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
