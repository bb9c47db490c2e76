package io.flinkpeft.merge;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How adapters are combined.
 *
 * @param type the way
 * @param density the share of values that stay, more than 0 and at most 1; for the types that need
 *     one
 * @param majoritySign which sign wins, for TIES; default {@link MajoritySign#TOTAL}
 * @param svdRank the rank of a result by SVD, at least 1; default the largest of the adapters
 * @param svdClamp a quantile in [0, 1], beyond which a result by SVD is clamped; default none
 * @param seed of DARE's masks; a layer's mask depends on it and on the layer's name alone
 */
public record CombinationConfig(
        CombinationType type,
        OptionalDouble density,
        MajoritySign majoritySign,
        OptionalInt svdRank,
        OptionalDouble svdClamp,
        long seed) {

    public CombinationConfig {
        if (type.needsDensity() && density.isEmpty()) {
            throw new IllegalArgumentException(
                    "combine.density must be given for " + type.peftName() + ". Maybe use 0.5.");
        }
        if (density.isPresent() && !(density.getAsDouble() > 0 && density.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    "combine.density ("
                            + density.getAsDouble()
                            + ") must be more than 0 and at most 1.");
        }
        if (svdRank.isPresent() && svdRank.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "combine.svd-rank (" + svdRank.getAsInt() + ") must be at least 1.");
        }
        if (svdClamp.isPresent() && !(svdClamp.getAsDouble() >= 0 && svdClamp.getAsDouble() <= 1)) {
            throw new IllegalArgumentException(
                    "combine.svd-clamp (" + svdClamp.getAsDouble() + ") must be from 0 to 1.");
        }
    }

    /** A type, and the default of everything else. */
    public static CombinationConfig of(CombinationType type) {
        return new CombinationConfig(
                type,
                OptionalDouble.empty(),
                MajoritySign.TOTAL,
                OptionalInt.empty(),
                OptionalDouble.empty(),
                0);
    }

    CombinationConfig withType(CombinationType other) {
        return new CombinationConfig(other, density, majoritySign, svdRank, svdClamp, seed);
    }
}
