package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import java.util.List;
import java.util.Optional;

/**
 * What came of {@link Work} for one adapter:
 *
 * <ul>
 *   <li>of {@link Work.Train} {@link Trained};
 *   <li>of {@link Work.Obey} {@link Told} if the adapter goes on, {@link Ended} if it does not;
 *   <li>of {@link Work.Cut} {@link Cut};
 *   <li>of any of them {@link Refused}.
 * </ul>
 */
sealed interface Done {

    /**
     * A batch was predicted, and learnt from if there was anything to learn.
     *
     * @param live the adapter after it, and after its version
     */
    record Trained(Work.Train work, BatchOutcome outcome, LiveAdapter live, Publication publication)
            implements Done {

        /** Whether an optimizer step changed the adapter. */
        boolean learnt() {
            return outcome.after().step() > work.subject().step();
        }

        @Override
        public Optional<LiveAdapter> adapter() {
            return Optional.of(live);
        }

        @Override
        public boolean changed() {
            return learnt() || publication.version().isPresent();
        }

        @Override
        public List<Rejected> rejected() {
            return outcome.rejected();
        }
    }

    /** A control changed what the adapter is told; the adapter itself is as it was. */
    record Told(Work.Obey work, AdapterSettings settings) implements Done {}

    /**
     * A control ended the adapter, and all that it learnt.
     *
     * @param settings what the next one of its id is told
     * @param adapter the next one, if it begins at once
     * @param publication what readers of versions see last of the one that ended
     */
    record Ended(
            Work.Obey work,
            AdapterSettings settings,
            Optional<LiveAdapter> adapter,
            Publication publication)
            implements Done {

        @Override
        public boolean changed() {
            return adapter.isPresent();
        }
    }

    /** The input ended. The adapter is on the device if a version was cut. */
    record Cut(Work.Cut work, Optional<LiveAdapter> adapter, Publication publication)
            implements Done {

        @Override
        public boolean changed() {
            return publication.version().isPresent();
        }
    }

    /** Nothing could be done; the adapter is as it was. */
    record Refused(Work work, List<Rejected> rejected) implements Done {}

    /** What was to be done. */
    Work work();

    /** What the adapter is told from now on. */
    default AdapterSettings settings() {
        return work().subject().settings();
    }

    /** The adapter on the device from now on; empty if it is not there. */
    default Optional<LiveAdapter> adapter() {
        return work().subject().onDevice();
    }

    /** Whether that adapter must be written to Flink's state. */
    default boolean changed() {
        return false;
    }

    /** The events that could not be used. */
    default List<Rejected> rejected() {
        return List.of();
    }

    /** What was decided on a version. */
    default Publication publication() {
        return Publication.NONE;
    }
}
