package io.flinkpeft.flink;

import io.flinkpeft.adapter.PrequentialStatistics;
import io.flinkpeft.evaluation.Evaluation;
import io.flinkpeft.event.PrequentialResult;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * The last predictions of a subtask whose right answer is known, for measures that do not fade: an
 * F1 needs them all. They are on the heap, are no state, and start empty after a restart. Added to
 * by the task, read by Flink's reporters.
 */
final class RecentPredictions {

    /** How many are kept: two short texts each. */
    static final int WINDOW = PrequentialStatistics.WINDOW;

    private final Supplier<Evaluation> evaluations;
    private final Deque<PrequentialResult> window = new ArrayDeque<>();

    RecentPredictions(Supplier<Evaluation> evaluations) {
        this.evaluations = evaluations;
    }

    synchronized void add(PrequentialResult result) {
        if (result.label() == null) {
            return;
        }
        if (window.size() == WINDOW) {
            window.removeFirst();
        }
        window.addLast(result);
    }

    /** A measure of the predictions that are kept; NaN if their task does not have it. */
    synchronized double value(String measure) {
        Evaluation evaluation = evaluations.get();
        window.forEach(result -> evaluation.add(result.predicted(), result.label()));
        return evaluation.values().getOrDefault(measure, Double.NaN);
    }
}
