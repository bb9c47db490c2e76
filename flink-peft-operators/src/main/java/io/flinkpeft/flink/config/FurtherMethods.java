package io.flinkpeft.flink.config;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adapter.BottleneckConfig;
import io.flinkpeft.method.adapter.FrozenAdapter;
import io.flinkpeft.method.adapter.FusionConfig;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The methods of {@link MethodOptions} by their names in {@code peft.method}. */
final class FurtherMethods {

    static final Map<String, Function<Configuration, PeftConfig>> METHODS =
            new TreeMap<>(
                    Map.of(
                            "bitfit", FurtherMethods::bitFit,
                            "bottleneck", FurtherMethods::bottleneck,
                            "freeze", FurtherMethods::freeze,
                            "full", options -> new FullConfig(),
                            "fusion", FurtherMethods::fusion,
                            "prompt-tuning", FurtherMethods::prompt,
                            "p-tuning", FurtherMethods::pTuning,
                            "prefix-tuning", FurtherMethods::prefix));

    private FurtherMethods() {}

    private static PeftConfig bitFit(Configuration options) {
        return new BitFitConfig(options.get(MethodOptions.BITFIT_MODULES), TaskType.UNSPECIFIED);
    }

    private static PeftConfig freeze(Configuration options) {
        return new FreezeConfig(
                options.get(MethodOptions.FREEZE_LAYERS),
                options.get(MethodOptions.FREEZE_MODULES),
                options.get(MethodOptions.FREEZE_EXTRA_MODULES),
                TaskType.UNSPECIFIED);
    }

    private static PeftConfig prompt(Configuration options) {
        return new PromptTuningConfig(
                VirtualTokens.of(options.get(MethodOptions.PROMPT_TOKENS)),
                options.get(MethodOptions.PROMPT_INITIALISATION),
                options.get(MethodOptions.PROMPT_TEXT),
                "",
                options.get(MethodOptions.PROMPT_POOLED),
                TaskType.UNSPECIFIED);
    }

    private static PeftConfig pTuning(Configuration options) {
        return new PTuningConfig(
                VirtualTokens.of(options.get(MethodOptions.P_TUNING_TOKENS)),
                options.get(MethodOptions.P_TUNING_ENCODER),
                options.get(MethodOptions.P_TUNING_HIDDEN_SIZE),
                options.get(MethodOptions.P_TUNING_LAYERS),
                options.get(MethodOptions.P_TUNING_DROPOUT),
                options.get(MethodOptions.PROMPT_POOLED),
                TaskType.UNSPECIFIED);
    }

    private static PeftConfig prefix(Configuration options) {
        return new PrefixTuningConfig(
                VirtualTokens.of(options.get(MethodOptions.PREFIX_TOKENS)),
                options.get(MethodOptions.PREFIX_PROJECTION),
                options.get(MethodOptions.PREFIX_HIDDEN_SIZE),
                options.get(MethodOptions.PREFIX_ZERO),
                options.get(MethodOptions.PREFIX_SCOPE),
                TaskType.UNSPECIFIED);
    }

    private static PeftConfig bottleneck(Configuration options) {
        var config = BottleneckConfig.of(options.get(MethodOptions.BOTTLENECK_PLACEMENT));
        return config.withReduction(
                        options.getOptional(MethodOptions.BOTTLENECK_REDUCTION)
                                .orElse(config.reduction()))
                .withNonLinearity(
                        options.getOptional(MethodOptions.BOTTLENECK_NON_LINEARITY)
                                .orElse(config.nonLinearity()))
                .withScaling(
                        options.getOptional(MethodOptions.BOTTLENECK_SCALING)
                                .orElse(config.scaling()))
                .withName(options.get(MethodOptions.BOTTLENECK_NAME))
                .withInvertible(options.get(MethodOptions.BOTTLENECK_INVERTIBLE_REDUCTION))
                .withLeaveOut(options.get(MethodOptions.BOTTLENECK_LEAVE_OUT))
                .on(
                        frozen(options, MethodOptions.BOTTLENECK_BENEATH)
                                .toArray(FrozenAdapter[]::new));
    }

    private static PeftConfig fusion(Configuration options) {
        return FusionConfig.of(frozen(options, MethodOptions.FUSION_ADAPTERS))
                .withOptions(Set.copyOf(options.get(MethodOptions.FUSION_OPTIONS)))
                .withDropout(options.get(MethodOptions.FUSION_DROPOUT));
    }

    private static List<FrozenAdapter> frozen(
            Configuration options, ConfigOption<List<String>> directories) {
        return options.get(directories).stream().map(Path::of).map(FrozenAdapter::of).toList();
    }
}
