package io.flinkpeft.method.lora;

import io.flinkpeft.method.PeftAdapter;
import io.flinkpeft.method.TargetMatcher;
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
        int rank =
                TargetMatcher.byPattern(config.ranks().rankPattern(), module).orElse(config.rank());
        double alpha =
                TargetMatcher.byPattern(config.ranks().alphaPattern(), module)
                        .orElse(config.alpha());
        return new LoraTarget(module, rank, alpha, config.scaling(rank, alpha));
    }

    /** The name of {@code A} [rank, in] in PEFT's files. */
    public String nameOfA() {
        return PeftAdapter.PREFIX + module + ".lora_A.weight";
    }

    /** The name of {@code B} [out, rank] in PEFT's files. */
    public String nameOfB() {
        return PeftAdapter.PREFIX + module + ".lora_B.weight";
    }
}
