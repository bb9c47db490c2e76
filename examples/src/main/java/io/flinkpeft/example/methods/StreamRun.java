package io.flinkpeft.example.methods;

import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.example.wordnet.Gloss;
import io.flinkpeft.flink.state.AdapterStateSerializer;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import io.flinkpeft.train.TrainerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * One method on a stream, batch by batch as the operator trains: each example is predicted before
 * it is learnt from.
 */
final class StreamRun {

    /** Examples of a batch. */
    static final int BATCH = 32;

    private static final String ADAPTER = "wordnet";

    /**
     * What came of it.
     *
     * @param trained how many values the method trains, without the head
     * @param accuracy share of right predictions, 0 to 1
     * @param lastThird the same in the last third of the stream
     * @param examplesPerSecond after the first batch
     * @param stateBytes of the adapter in Flink's state
     * @param versionBytes of the adapter's last version
     */
    record Outcome(
            long trained,
            double accuracy,
            double lastThird,
            double examplesPerSecond,
            long stateBytes,
            long versionBytes) {}

    private final OnlineTrainer trainer;
    private final List<Gloss> glosses;
    private final BitSet right = new BitSet();
    private LiveAdapter adapter;
    private long nanos;

    private StreamRun(OnlineTrainer trainer, List<Gloss> glosses) {
        this.trainer = trainer;
        this.glosses = glosses;
        this.adapter = trainer.create(ADAPTER);
    }

    /** Runs a method over all glosses, in their order. */
    static Outcome of(TrainerConfig config, List<Gloss> glosses) throws IOException {
        try (OnlineTrainer trainer = OnlineTrainer.open(config)) {
            var run = new StreamRun(trainer, glosses);
            try {
                return run.outcome();
            } finally {
                run.adapter.close();
            }
        }
    }

    private Outcome outcome() throws IOException {
        int size = glosses.size();
        for (int from = 0; from < size; from += BATCH) {
            step(from, Math.min(from + BATCH, size));
        }
        int third = size - size / 3;
        return new Outcome(
                trainer.trainedValues(),
                (double) right.cardinality() / size,
                (double) right.get(third, size).cardinality() / (size - third),
                (size - BATCH) / (nanos / 1e9),
                bytes(adapter.snapshot()),
                trainer.version(adapter).payload().length);
    }

    private void step(int from, int to) {
        List<Example> examples = new ArrayList<>();
        for (Gloss gloss : glosses.subList(from, to)) {
            examples.add(Example.labelled(ADAPTER, gloss.text(), gloss.label()));
        }
        long start = System.nanoTime();
        BatchOutcome outcome =
                trainer.step(List.of(new Batch(adapter, examples, List.of()))).get(0);
        if (from > 0) { // the first step compiles
            nanos += System.nanoTime() - start;
        }
        if (outcome.after() != adapter) {
            adapter.close();
            adapter = outcome.after();
        }
        List<PrequentialResult> results = outcome.results();
        for (int i = 0; i < results.size(); i++) {
            right.set(from + i, Boolean.TRUE.equals(results.get(i).correct()));
        }
    }

    private static long bytes(AdapterState state) throws IOException {
        var out = new DataOutputSerializer(1024);
        AdapterStateSerializer.INSTANCE.serialize(state, out);
        return out.length();
    }
}
