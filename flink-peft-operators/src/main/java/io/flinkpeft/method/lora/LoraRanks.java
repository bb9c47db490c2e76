package io.flinkpeft.method.lora;

import io.flinkpeft.method.Magnitude;
import io.flinkpeft.method.targets.PythonPattern;
import io.flinkpeft.method.targets.TargetMatcher;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rank and the scale of LoRA's correction at each layer.
 *
 * @param rank {@code r}, at least 1; default 8
 * @param alpha scale numerator, more than 0, at most {@link Magnitude#LARGEST}; default 8
 * @param rsLora whether the scale is {@code alpha / sqrt(r)}, which keeps large ranks stable;
 *     default false
 * @param rankPattern other ranks for layers whose name ends with a match of the key, from a dot on;
 *     the first key that matches counts; default empty
 * @param alphaPattern other alphas, likewise; default empty
 * @see <a href="https://arxiv.org/abs/2312.03732">Kalajdzievski, rsLoRA, 2023, section 3</a>
 */
public record LoraRanks(
        int rank,
        double alpha,
        boolean rsLora,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern)
        implements Serializable {

    public LoraRanks {
        checkRank("peft.lora.rank", rank);
        checkAlpha("peft.lora.alpha", alpha);
        // the order counts: the first key that matches a layer is taken
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        rankPattern.forEach((key, value) -> checkRank("peft.lora.rank for " + key, value));
        rankPattern.keySet().forEach(PythonPattern::of);
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        alphaPattern.forEach((key, value) -> checkAlpha("peft.lora.alpha for " + key, value));
        alphaPattern.keySet().forEach(PythonPattern::of);
    }

    private static void checkRank(String what, int rank) {
        if (rank < 1) {
            throw new IllegalArgumentException(
                    what + " (" + rank + ") must be at least 1. Maybe use 8, the default.");
        }
    }

    private static void checkAlpha(String what, double alpha) {
        Magnitude.positive(what, alpha, " Maybe use the rank.");
    }

    /** The same rank and alpha everywhere. */
    static LoraRanks of(int rank, double alpha) {
        return new LoraRanks(rank, alpha, false, Map.of(), Map.of());
    }

    LoraRanks withRank(int rank) {
        return new LoraRanks(rank, alpha, rsLora, rankPattern, alphaPattern);
    }

    LoraRanks withAlpha(double alpha) {
        return new LoraRanks(rank, alpha, rsLora, rankPattern, alphaPattern);
    }

    LoraRanks withRsLora() {
        return new LoraRanks(rank, alpha, true, rankPattern, alphaPattern);
    }

    LoraRanks withPatterns(Map<String, Integer> rankPattern, Map<String, Double> alphaPattern) {
        return new LoraRanks(rank, alpha, rsLora, rankPattern, alphaPattern);
    }

    /** The rank at a layer. */
    public int rankOf(String module) {
        return TargetMatcher.byPattern(rankPattern, module).orElse(rank);
    }

    /** The scale's numerator at a layer. */
    public double alphaOf(String module) {
        return TargetMatcher.byPattern(alphaPattern, module).orElse(alpha);
    }

    /** The factor {@code s} before the correction at a layer. */
    public double scalingOf(String module) {
        return scaling(rankOf(module), alphaOf(module));
    }

    /** The largest rank that a layer may have. */
    public int largest() {
        return rankPattern.values().stream().reduce(rank, Math::max);
    }

    /** The factor {@code s} before the correction, for a layer of this rank and alpha. */
    double scaling(int rank, double alpha) {
        return alpha / (rsLora ? Math.sqrt(rank) : rank);
    }
}
