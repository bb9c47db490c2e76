package io.flinkpeft.flink;

import io.flinkpeft.adapter.AdapterSettings;
import io.flinkpeft.train.LiveAdapter;

/**
 * When an adapter's version is cut: by its own step count, or at the end of input.
 *
 * @param everySteps a version is due at multiples of it, counted from where the adapter began
 * @param minExamples it must have learnt from so many since then
 * @param countedFrom where the adapter began
 * @param settledStep the step of its newest version, or the one it began with if it has none
 */
record PublishRule(int everySteps, int minExamples, long countedFrom, long settledStep) {

    /** The rule of an adapter. */
    static PublishRule of(
            int everySteps, int minExamples, AdapterSettings settings, long publishedStep) {
        long settled = Math.max(publishedStep, settings.firstStep());
        return new PublishRule(everySteps, minExamples, settings.countedFrom(), settled);
    }

    /** The same for a version at the present step. */
    PublishRule now() {
        return new PublishRule(1, minExamples, countedFrom, settledStep);
    }

    /**
     * Whether there is something new that is worth a version.
     *
     * @param examples that the adapter learnt from since it began
     */
    boolean due(long step, long examples) {
        return step > settledStep
                && (step - countedFrom) % everySteps == 0
                && examples >= minExamples;
    }

    boolean due(LiveAdapter adapter) {
        return due(adapter.step(), adapter.statistics().examples());
    }
}
