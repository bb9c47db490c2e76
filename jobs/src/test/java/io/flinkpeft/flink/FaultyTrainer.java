package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.PrequentialResult;
import io.flinkpeft.fuzz.PlantedFault;
import io.flinkpeft.train.Batch;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/** A trainer with a fault that odd texts bring out. */
final class FaultyTrainer extends TrainerAround {

    private final PlantedFault fault;

    FaultyTrainer(Trainer inner, PlantedFault fault) {
        super(inner);
        this.fault = fault;
    }

    private static boolean odd(Example example) {
        return example.text().isBlank();
    }

    @Override
    public LiveAdapter restore(AdapterState state, AdapterSettings settings) {
        if (fault == PlantedFault.STATE_LOST) {
            return create(state.adapterId(), settings);
        }
        return super.restore(state, settings);
    }

    @Override
    public List<BatchOutcome> step(List<Batch> batches) {
        boolean strikes =
                batches.stream().anyMatch(b -> b.examples().stream().anyMatch(FaultyTrainer::odd));
        if (!strikes) {
            return super.step(batches);
        }
        switch (fault) {
            case STEP_FAILS -> throw new NoClassDefFoundError("planted");
            case STEP_HANGS -> hang();
            default -> {}
        }
        var outcomes =
                super.step(fault == PlantedFault.NEIGHBOR_LEAKS ? leaking(batches) : batches);
        return outcomes.stream().map(this::changed).toList();
    }

    private static void hang() {
        try {
            Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All learn from what the first one has. */
    private static List<Batch> leaking(List<Batch> batches) {
        var first = batches.get(0).examples();
        return batches.stream()
                .map(b -> new Batch(b.adapter(), b.settings(), b.examples(), first))
                .toList();
    }

    private BatchOutcome changed(BatchOutcome outcome) {
        var results = new ArrayList<PrequentialResult>(outcome.results());
        if (results.isEmpty()) {
            return outcome;
        }
        switch (fault) {
            case EXAMPLE_LOST -> results.remove(0);
            case EXAMPLE_TWICE -> results.add(results.get(0));
            case SCORE_NAN -> results.set(0, withoutScore(results.get(0)));
            default -> {}
        }
        return new BatchOutcome(
                outcome.after(),
                outcome.loss(),
                results,
                outcome.learnt(),
                outcome.rejected(),
                outcome.tokens(),
                outcome.truncated());
    }

    private static PrequentialResult withoutScore(PrequentialResult r) {
        return new PrequentialResult(
                r.adapterId(),
                r.step(),
                r.predicted(),
                Double.NaN,
                r.label(),
                r.correct(),
                r.loss(),
                r.timestampMillis(),
                r.topic(),
                r.partition(),
                r.offset());
    }
}
