package io.flinkpeft.flink;

/**
 * When an adapter's version is cut: by its own step count, or at the end of input.
 *
 * @param everySteps a version is due at multiples of it
 * @param publishedStep the step of its newest version, or -1
 */
record PublishRule(int everySteps, long publishedStep) {

    /** A version at the present step, unless there is one or nothing was learnt yet. */
    static PublishRule now(long publishedStep) {
        return new PublishRule(1, publishedStep);
    }

    boolean due(long step) {
        return step > 0 && step > publishedStep && step % everySteps == 0;
    }
}
