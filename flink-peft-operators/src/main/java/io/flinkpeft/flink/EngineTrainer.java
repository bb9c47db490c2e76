package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.flink.config.TrainingSettings;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.OnlineTrainer;
import java.util.ArrayList;
import java.util.List;

/** The real {@link Trainer}: it passes everything on to {@link OnlineTrainer}. */
final class EngineTrainer implements Trainer {

    private record Live(LiveAdapter adapter) implements Adapter {
        @Override
        public long step() {
            return adapter.step();
        }

        @Override
        public long bytes() {
            return adapter.bytes();
        }

        @Override
        public long examples() {
            return adapter.examples();
        }

        @Override
        public AdapterState snapshot() {
            return adapter.snapshot();
        }

        @Override
        public void close() {
            adapter.close();
        }
    }

    private final OnlineTrainer trainer;

    private EngineTrainer(OnlineTrainer trainer) {
        this.trainer = trainer;
    }

    static Factory of(TrainingSettings settings) {
        var config = settings.trainer();
        var methods = settings.methods();
        return () -> new EngineTrainer(OnlineTrainer.open(config, methods));
    }

    @Override
    public Adapter create(String adapterId, AdapterSettings settings) {
        return new Live(trainer.create(adapterId, settings));
    }

    @Override
    public Adapter restore(AdapterState state, AdapterSettings settings) {
        return new Live(trainer.restore(state, settings));
    }

    @Override
    public void check(AdapterState state, AdapterSettings settings) {
        trainer.check(state, settings);
    }

    @Override
    public void checkMethod(String method) {
        trainer.checkMethod(method);
    }

    @Override
    public void trial() {
        trainer.trial();
    }

    @Override
    public List<Outcome> step(List<Batch> batches) {
        var outcomes =
                trainer.step(
                        batches.stream()
                                .map(
                                        batch ->
                                                new io.flinkpeft.train.Batch(
                                                        live(batch.adapter()),
                                                        batch.settings(),
                                                        batch.examples(),
                                                        batch.replayed()))
                                .toList());
        var results = new ArrayList<Outcome>();
        for (int i = 0; i < outcomes.size(); i++) {
            results.add(outcome(batches.get(i).adapter(), outcomes.get(i)));
        }
        return results;
    }

    private static Outcome outcome(Adapter before, BatchOutcome outcome) {
        return new Outcome(
                outcome.after() == live(before) ? before : new Live(outcome.after()),
                outcome.loss(),
                outcome.predicted(),
                outcome.results(),
                outcome.rejected(),
                outcome.tokens(),
                outcome.truncated());
    }

    @Override
    public AdapterVersion version(Adapter adapter) {
        return trainer.version(live(adapter));
    }

    @Override
    public Adapter published(Adapter adapter) {
        return new Live(live(adapter).published());
    }

    private static LiveAdapter live(Adapter adapter) {
        return ((Live) adapter).adapter();
    }

    @Override
    public void close() {
        trainer.close();
    }
}
