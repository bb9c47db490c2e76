package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.adapter.Lineage;
import io.flinkpeft.adapter.Numerics;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.adapter.Sha256;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A trainer of four numbers, deterministic and sensitive to the order of examples and to where
 * batches are cut. The text {@code poison} is rejected, {@code crash} throws.
 */
final class ToyTrainer implements Trainer {

    private static final Numerics NUMERICS = new Numerics("fp32", 1, "cpu", "toy 1");
    private static final float DECAY = 0.9f;

    private record Toy(AdapterState state) implements LiveAdapter {
        @Override
        public String adapterId() {
            return state.adapterId();
        }

        @Override
        public long step() {
            return state.step();
        }

        @Override
        public long publishedStep() {
            return state.publishedStep();
        }

        @Override
        public PrequentialStatistics statistics() {
            return state.statistics();
        }

        @Override
        public PrequentialStatistics publishedStatistics() {
            return state.publishedStatistics();
        }

        @Override
        public long bytes() {
            return 100;
        }

        @Override
        public AdapterState snapshot() {
            return state;
        }

        @Override
        public LiveAdapter published() {
            return new Toy(
                    new AdapterState(
                            state.adapterId(),
                            state.baseHash(),
                            state.method(),
                            NUMERICS,
                            state.step(),
                            state.step(),
                            state.labels(),
                            state.labelCapacity(),
                            state.lineage(),
                            state.statistics(),
                            state.statistics(),
                            state.row(),
                            state.firstMoment(),
                            state.secondMoment()));
        }

        @Override
        public void close() {}

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    @Override
    public LiveAdapter create(String adapterId, AdapterSettings settings) {
        return new Toy(
                new AdapterState(
                        adapterId,
                        "toy",
                        method(settings),
                        NUMERICS,
                        settings.firstStep(),
                        -1,
                        List.of(),
                        1,
                        Lineage.NONE,
                        PrequentialStatistics.NONE,
                        PrequentialStatistics.NONE,
                        new float[4],
                        new float[4],
                        new float[4]));
    }

    @Override
    public LiveAdapter restore(AdapterState state, AdapterSettings settings) {
        if (!state.method().equals(method(settings))) {
            throw new IllegalStateException("A toy must keep its method " + state.method() + ".");
        }
        return new Toy(state);
    }

    @Override
    public void check(AdapterState state, AdapterSettings settings) {
        if (!state.baseHash().equals("toy")) {
            throw new IllegalStateException("A toy must keep its base " + state.baseHash() + ".");
        }
    }

    @Override
    public void checkMethod(String method) {
        if (method.equals("{}")) {
            throw new IllegalArgumentException("A toy's method ({}) must not be empty.");
        }
    }

    @Override
    public void trial() {}

    private static String method(AdapterSettings settings) {
        if ("crash".equals(settings.method())) {
            throw new IllegalStateException("The toy crashed.");
        }
        return settings.method() == null ? "TOY" : settings.method();
    }

    @Override
    public List<BatchOutcome> step(List<Batch> batches) {
        return batches.stream().map(ToyTrainer::step).toList();
    }

    private static BatchOutcome step(Batch batch) {
        AdapterState before = ((Toy) batch.adapter()).state;
        float[] row = before.row().clone();
        var lineage = before.lineage();
        var statistics = before.statistics();
        var results = new ArrayList<PrequentialResult>();
        var rejected = new ArrayList<Rejected>();
        var learnt = new ArrayList<Example>();
        for (Example example : batch.examples()) {
            if (example.text().equals("crash")) {
                throw new IllegalStateException("The toy crashed.");
            }
            if (example.text().equals("poison")) {
                rejected.add(reject(example));
                continue;
            }
            var result = predict(before, example);
            results.add(result);
            if (example.label() != null && !batch.settings().paused()) {
                learnt.add(example);
                add(row, example, batch.settings());
                lineage =
                        lineage.plus(
                                example.timestampMillis(),
                                example.topic(),
                                example.partition(),
                                example.offset());
                statistics = statistics.plus(result.correct(), result.loss());
            }
        }
        batch.replayed().forEach(example -> add(row, example, batch.settings()));
        long steps = before.step() - batch.settings().firstStep();
        row[0] =
                DECAY * row[0] + 1 + steps; // counts steps: batches cut elsewhere give other values
        var after =
                new AdapterState(
                        before.adapterId(),
                        before.baseHash(),
                        before.method(),
                        NUMERICS,
                        before.step() + 1,
                        before.publishedStep(),
                        before.labels(),
                        before.labelCapacity(),
                        lineage,
                        statistics,
                        before.publishedStatistics(),
                        row,
                        before.firstMoment(),
                        before.secondMoment());
        return new BatchOutcome(
                learnt.isEmpty() ? batch.adapter() : new Toy(after),
                learnt.isEmpty() ? Double.NaN : 1,
                results,
                learnt,
                rejected,
                3 * batch.examples().size(),
                0);
    }

    private static void add(float[] row, Example example, AdapterSettings settings) {
        int hash = (example.text() + example.label() + settings.learningRate()).hashCode();
        for (int i = 1; i < row.length; i++) {
            row[i] = DECAY * row[i] + (hash >> (8 * i) & 255) / 255f;
        }
    }

    private static PrequentialResult predict(AdapterState state, Example example) {
        return new PrequentialResult(
                state.adapterId(),
                state.step(),
                "noun",
                1 / (1 + Math.abs(state.row()[1])),
                example.label(),
                example.label() == null ? null : example.label().equals("noun"),
                example.label() == null ? Double.NaN : state.row()[2],
                example.timestampMillis(),
                example.topic(),
                example.partition(),
                example.offset());
    }

    private static Rejected reject(Example example) {
        return new Rejected(
                Rejected.Cause.EXAMPLE,
                "Text (poison) must be edible.",
                example.adapterId(),
                null,
                example.topic(),
                example.partition(),
                example.offset(),
                example.timestampMillis(),
                example.text().getBytes());
    }

    @Override
    public AdapterVersion version(LiveAdapter adapter) {
        AdapterState state = ((Toy) adapter).state;
        var payload = ByteBuffer.allocate(4 * state.row().length);
        payload.asFloatBuffer().put(state.row());
        return new AdapterVersion(
                state.adapterId(),
                state.step(),
                state.publishedStep(),
                state.baseHash(),
                state.method(),
                NUMERICS,
                state.lineage(),
                Map.of("accuracy", state.statistics().accuracy()),
                payload.array(),
                Sha256.of(payload.array()));
    }

    @Override
    public void close() {}
}
