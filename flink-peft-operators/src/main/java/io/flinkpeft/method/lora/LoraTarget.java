package io.flinkpeft.method.lora;

import io.flinkpeft.method.targets.TargetMatcher;
import java.util.List;

/**
 * A layer that LoRA adapts.
 *
 * @param module the name of the layer in the model
 * @param rank its rank
 * @param alpha its scale numerator
 * @param scaling the factor before its correction
 */
public record LoraTarget(String module, int rank, double alpha, double scaling) {

    /**
     * The layers that a configuration adapts, in the order of the model.
     *
     * @throws IllegalArgumentException if there are none, or a name means only modules that cannot
     *     be adapted
     */
    public static List<LoraTarget> of(LoraConfig config, TargetMatcher matcher) {
        return matcher.match(config, config.targets()).stream()
                .map(module -> of(config, module))
                .toList();
    }

    private static LoraTarget of(LoraConfig config, String module) {
        LoraRanks ranks = config.ranks();
        return new LoraTarget(
                module, ranks.rankOf(module), ranks.alphaOf(module), ranks.scalingOf(module));
    }
}
