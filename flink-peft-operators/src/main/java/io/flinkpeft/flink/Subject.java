package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterState;
import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.flink.config.PublicationPolicy.Candidate;
import io.flinkpeft.flink.config.PublicationPolicy.Occasion;
import io.flinkpeft.train.LiveAdapter;
import io.flinkpeft.train.Trainer;
import java.util.Optional;

/**
 * The adapter that work is for, as it is before the work: with what it is told, and where it is.
 */
sealed interface Subject {

    /** An adapter on the device. */
    record OnDevice(AdapterSettings settings, LiveAdapter adapter) implements Subject {
        @Override
        public String adapterId() {
            return adapter.adapterId();
        }

        @Override
        public long step() {
            return adapter.step();
        }

        @Override
        public Candidate candidate(Occasion occasion) {
            return Subject.candidate(
                    this,
                    occasion,
                    adapter.publishedStep(),
                    adapter.statistics(),
                    adapter.publishedStatistics());
        }

        @Override
        public Optional<LiveAdapter> onDevice() {
            return Optional.of(adapter);
        }

        @Override
        public LiveAdapter bring(Trainer trainer) {
            return adapter;
        }
    }

    /** An adapter that is in Flink's state alone. */
    record InState(AdapterSettings settings, AdapterState state) implements Subject {
        @Override
        public String adapterId() {
            return state.adapterId();
        }

        @Override
        public long step() {
            return state.step();
        }

        @Override
        public Candidate candidate(Occasion occasion) {
            return Subject.candidate(
                    this,
                    occasion,
                    state.publishedStep(),
                    state.statistics(),
                    state.publishedStatistics());
        }

        @Override
        public Optional<LiveAdapter> onDevice() {
            return Optional.empty();
        }

        @Override
        public LiveAdapter bring(Trainer trainer) {
            return trainer.restore(state, settings);
        }
    }

    /** An adapter that has not learnt anything since it began. */
    record Fresh(AdapterSettings settings, String adapterId) implements Subject {
        @Override
        public long step() {
            return settings.firstStep();
        }

        @Override
        public Candidate candidate(Occasion occasion) {
            var none = PrequentialStatistics.NONE;
            return Subject.candidate(this, occasion, settings.firstStep(), none, none);
        }

        @Override
        public Optional<LiveAdapter> onDevice() {
            return Optional.empty();
        }

        @Override
        public LiveAdapter bring(Trainer trainer) {
            return trainer.create(adapterId, settings);
        }
    }

    /** Whose work it is. */
    String adapterId();

    /** What the adapter is told. */
    AdapterSettings settings();

    /** The adapter's step count. */
    long step();

    /** What a policy of publication looks at. */
    Candidate candidate(Occasion occasion);

    /** The adapter, if it is on the device. */
    Optional<LiveAdapter> onDevice();

    /** The adapter on the device: the one that is there, or else one that is new to it. */
    LiveAdapter bring(Trainer trainer);

    private static Candidate candidate(
            Subject subject,
            Occasion occasion,
            long publishedStep,
            PrequentialStatistics statistics,
            PrequentialStatistics published) {
        return new Candidate(
                occasion,
                subject.step(),
                subject.settings().countedFrom(),
                Math.max(publishedStep, subject.settings().firstStep()),
                statistics,
                published);
    }
}
