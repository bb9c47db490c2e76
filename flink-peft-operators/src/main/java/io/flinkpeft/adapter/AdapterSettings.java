package io.flinkpeft.adapter;

/**
 * What one adapter is told besides the settings of its job, and where it began.
 *
 * @param paused whether it only predicts
 * @param learningRate of its tensors; null: the job's
 * @param headLearningRate of its head; null: the job's
 * @param method the text of an {@code adapter_config.json} of PEFT; null: the job's method
 * @param firstStep the step count it began with. An adapter that was reset, or comes after one that
 *     was dropped, goes on where the one before it ended, so that the name of a version never comes
 *     twice; its optimizer counts from here
 * @param countedFrom the step from which the steps between versions are counted: the first one; 0
 *     for an adapter that a release began anew which did not know this
 */
public record AdapterSettings(
        boolean paused,
        Double learningRate,
        Double headLearningRate,
        String method,
        long firstStep,
        long countedFrom) {

    /** Those of the job, from step 0. */
    public static final AdapterSettings DEFAULT =
            new AdapterSettings(false, null, null, null, 0, 0);

    /** Whether it has a method of its own. */
    public boolean ownMethod() {
        return method != null;
    }

    /** The same, paused or not. */
    public AdapterSettings withPaused(boolean paused) {
        return new AdapterSettings(
                paused, learningRate, headLearningRate, method, firstStep, countedFrom);
    }

    /** The same with other rates; one that is null stays. */
    public AdapterSettings withRates(Double learningRate, Double headLearningRate) {
        return new AdapterSettings(
                paused,
                learningRate == null ? this.learningRate : learningRate,
                headLearningRate == null ? this.headLearningRate : headLearningRate,
                method,
                firstStep,
                countedFrom);
    }

    /** The same with another method. */
    public AdapterSettings withMethod(String method) {
        return new AdapterSettings(
                paused, learningRate, headLearningRate, method, firstStep, countedFrom);
    }

    /** The same for an adapter that begins anew. */
    public AdapterSettings startingAt(long step) {
        return new AdapterSettings(paused, learningRate, headLearningRate, method, step, step);
    }
}
