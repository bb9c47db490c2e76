package io.flinkpeft.flink.config;

import io.flinkpeft.adapter.PrequentialStatistics;
import java.io.Serializable;

/**
 * Says when a version of an adapter is cut. A decision depends on nothing but the candidate, which
 * depends on nothing but the adapter's own events: no clock, no other adapter, nothing remembered.
 * So versions are the same after a restart, and wherever the adapter is trained.
 *
 * <p>The trainer asks it behind every batch of an adapter, and once more where the adapter or the
 * input ends. {@link EverySteps} is the default. A gate asks another policy first:
 *
 * <pre>{@code
 * record AccurateEnough(PublicationPolicy due, double accuracy) implements PublicationPolicy {
 *     @Override
 *     public Decision decide(Candidate candidate) {
 *         Decision decision = due.decide(candidate);
 *         boolean good = candidate.statistics().recentAccuracy() >= accuracy;
 *         return decision == Decision.CUT && !good ? Decision.HOLD : decision;
 *     }
 * }
 * }</pre>
 */
public interface PublicationPolicy extends Serializable {

    /** What becomes of the candidate. */
    Decision decide(Candidate candidate);

    /** A decision on an adapter's version. */
    enum Decision {
        /** It is not time for one. */
        NOT_DUE,
        /** It is time, but the adapter must not be seen like this. It is counted. */
        HOLD,
        /** A version is cut. */
        CUT
    }

    /** Why a policy is asked. */
    enum Occasion {
        /** The adapter has taken a batch. */
        STEP,
        /** It is the last time: the adapter ends, or the input does. */
        END
    }

    /**
     * An adapter of which a version may be cut.
     *
     * @param occasion why the policy is asked
     * @param step its step count
     * @param countedFrom the step at which it began
     * @param settledStep the step of its newest version, or the one at which it began if it has
     *     none
     * @param statistics how well it predicted since it began
     * @param published these statistics when its newest version was cut; none if it has none
     */
    record Candidate(
            Occasion occasion,
            long step,
            long countedFrom,
            long settledStep,
            PrequentialStatistics statistics,
            PrequentialStatistics published) {

        /** Whether it learnt something that no version has. */
        public boolean isNew() {
            return step > settledStep;
        }

        /** How many examples it learnt from since its newest version. */
        public long examplesSince() {
            return statistics.examples() - published.examples();
        }
    }
}
