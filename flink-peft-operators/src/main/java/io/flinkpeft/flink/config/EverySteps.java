package io.flinkpeft.flink.config;

/**
 * Cuts a version every so many steps of the adapter, and of what is left at its end.
 *
 * @param steps a version is due when the adapter's step count is a multiple, counted from where it
 *     began, at least 1; default 20
 * @param minExamples none is due before the adapter learnt from so many examples since it began, at
 *     least 1; default 1
 */
public record EverySteps(int steps, int minExamples) implements PublicationPolicy {

    /** The default. */
    public static final EverySteps DEFAULT = new EverySteps(20, 1);

    public EverySteps {
        Checks.atLeast(1, "publish.every-steps", steps);
        Checks.atLeast(1, "publish.min-examples", minExamples);
    }

    @Override
    public Decision decide(Candidate candidate) {
        boolean onTime =
                candidate.occasion() == Occasion.END
                        || (candidate.step() - candidate.countedFrom()) % steps == 0;
        boolean due =
                onTime && candidate.isNew() && candidate.statistics().examples() >= minExamples;
        return due ? Decision.CUT : Decision.NOT_DUE;
    }
}
