package io.flinkpeft.flink;

/**
 * When an adapter's version is cut: by its own step count, or at the end of input.
 *
 * @param everySteps a version is due at multiples of it
 * @param settledStep the step of its newest version, or the one it began with if it has none
 */
record PublishRule(int everySteps, long settledStep) {

    /** A version at the present step, unless there is one or nothing was learnt yet. */
    static PublishRule now(long settledStep) {
        return new PublishRule(1, settledStep);
    }

    boolean due(long step) {
        return step > settledStep && step % everySteps == 0;
    }
}
