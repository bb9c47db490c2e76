package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.adapter.AdapterVersion;
import io.flinkpeft.event.Rejected;
import io.flinkpeft.train.BatchOutcome;
import io.flinkpeft.train.LiveAdapter;
import java.util.List;

/**
 * What the worker did for one adapter.
 *
 * @param task what it was asked
 * @param settings the adapter's settings now
 * @param after the adapter now; null if it was dropped, or is not on the device
 * @param change what became of it
 * @param outcome of the turn; null if there was none
 * @param version the version that was cut; null if none was due
 */
record StepResult(
        StepTask task,
        AdapterSettings settings,
        LiveAdapter after,
        Change change,
        BatchOutcome outcome,
        AdapterVersion version) {

    /** What became of an adapter. */
    enum Change {
        /** It is as it was. */
        NONE,
        /** An optimizer step changed it. */
        LEARNT,
        /** A control ended it; what is there now, if anything, has learnt nothing. */
        ANEW
    }

    /** A control changed settings at most. */
    static StepResult goesOn(StepTask task, AdapterSettings settings) {
        return new StepResult(task, settings, task.hot(), Change.NONE, outcome(List.of()), null);
    }

    /** A control could not be obeyed, or nothing could be done with a batch. */
    static StepResult refused(StepTask task, List<Rejected> why) {
        return new StepResult(task, task.settings(), task.hot(), Change.NONE, outcome(why), null);
    }

    /** There was no turn, and no version could be cut. */
    static StepResult nothing(StepTask task) {
        return new StepResult(task, task.settings(), task.hot(), Change.NONE, null, null);
    }

    /**
     * A control ended an adapter.
     *
     * @param after what begins; null if nothing does
     * @param last what readers of versions see last of it; null if nothing
     */
    static StepResult anew(
            StepTask task, AdapterSettings settings, LiveAdapter after, AdapterVersion last) {
        return new StepResult(task, settings, after, Change.ANEW, outcome(List.of()), last);
    }

    private static BatchOutcome outcome(List<Rejected> rejected) {
        return new BatchOutcome(null, Double.NaN, Double.NaN, List.of(), List.of(), rejected, 0, 0);
    }

    boolean learnt() {
        return change == Change.LEARNT;
    }

    /** Whether the adapter must be written to Flink's state again. */
    boolean changed() {
        return after != null && (change != Change.NONE || version != null);
    }
}
