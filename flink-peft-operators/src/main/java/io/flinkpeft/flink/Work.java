package io.flinkpeft.flink;

import io.flinkpeft.event.Control;
import io.flinkpeft.event.Example;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.event.Rejected.Cause;
import io.flinkpeft.train.EventJson;
import java.util.List;

/**
 * What the worker does for one adapter. {@link Train} and {@link Obey} take the oldest closed turn
 * of the adapter's queue; {@link Cut} takes none. {@link Done} says what came of it.
 */
sealed interface Work {

    /**
     * Predicts a batch, and learns from it.
     *
     * @param replayed examples to train on again
     */
    record Train(Subject subject, List<Example> examples, List<Example> replayed) implements Work {
        @Override
        public boolean takesTurn() {
            return true;
        }

        @Override
        public List<Rejected> givenUp(String why) {
            String reason =
                    "Adapter ("
                            + subject.adapterId()
                            + ") at step "
                            + subject.step()
                            + " must be able to learn: "
                            + why
                            + " Maybe change its settings by a control, or drop it.";
            return examples.stream()
                    .map(example -> EventJson.rejected(example, Cause.FAILURE, reason))
                    .toList();
        }
    }

    /** Does what a control says. */
    record Obey(Subject subject, Control control) implements Work {
        @Override
        public boolean takesTurn() {
            return true;
        }

        @Override
        public List<Rejected> givenUp(String why) {
            return List.of(EventJson.rejected(control, Cause.FAILURE, why));
        }
    }

    /** Cuts a version at the end of input, if something was learnt since the newest. */
    record Cut(Subject subject) implements Work {
        @Override
        public boolean takesTurn() {
            return false;
        }

        @Override
        public List<Rejected> givenUp(String why) {
            return List.of();
        }
    }

    /** The adapter it is for. */
    Subject subject();

    /** Whether a turn of the adapter's queue is over with it. */
    boolean takesTurn();

    /** The dead letters that its events become when it cannot be done. */
    List<Rejected> givenUp(String why);
}
