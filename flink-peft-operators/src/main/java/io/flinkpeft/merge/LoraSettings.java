package io.flinkpeft.merge;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.TargetMatcher;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code adapter_config.json} says of the scale of LoRA layers.
 *
 * @param rank of layers that no pattern means
 * @param alpha of layers that no pattern means
 * @param rsLora whether the scale is {@code alpha / sqrt(r)} in place of {@code alpha / r}
 * @param rankPattern other ranks
 * @param alphaPattern other alphas
 */
record LoraSettings(
        int rank,
        double alpha,
        boolean rsLora,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern) {

    /** PEFT's default of rank and alpha. */
    private static final int DEFAULT = 8;

    static LoraSettings of(JsonNode config) {
        var ranks = new LinkedHashMap<String, Integer>();
        config.path("rank_pattern").properties().forEach(e -> ranks.put(e.getKey(), rank(e)));
        var alphas = new LinkedHashMap<String, Double>();
        config.path("alpha_pattern").properties().forEach(e -> alphas.put(e.getKey(), alpha(e)));
        return new LoraSettings(
                config.hasNonNull("r") ? rank(Map.entry("r", config.get("r"))) : DEFAULT,
                config.hasNonNull("lora_alpha")
                        ? alpha(Map.entry("lora_alpha", config.get("lora_alpha")))
                        : DEFAULT,
                config.path("use_rslora").asBoolean(),
                ranks,
                alphas);
    }

    private static int rank(Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (!value.isInt() || value.intValue() < 1) {
            throw new IllegalArgumentException(
                    "Rank " + entry.getKey() + " (" + value + ") must be at least 1.");
        }
        return value.intValue();
    }

    private static double alpha(Map.Entry<String, JsonNode> entry) {
        JsonNode value = entry.getValue();
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new IllegalArgumentException(
                    "Alpha " + entry.getKey() + " (" + value + ") must be a number.");
        }
        return value.doubleValue();
    }

    int rankOf(String module) {
        return TargetMatcher.byPattern(rankPattern, module).orElse(rank);
    }

    /** The largest rank that a layer may have. */
    int largestRank() {
        return rankPattern.values().stream().reduce(rank, Math::max);
    }

    double scaleOf(String module) {
        double own = TargetMatcher.byPattern(alphaPattern, module).orElse(alpha);
        int r = rankOf(module);
        return own / (rsLora ? Math.sqrt(r) : r);
    }
}
