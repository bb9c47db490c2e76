package io.flinkpeft.flink.config;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adapter.BottleneckConfig;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import io.flinkpeft.method.selective.FullConfig;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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
        return new BottleneckConfig(
                config.placement(),
                options.getOptional(MethodOptions.BOTTLENECK_REDUCTION).orElse(config.reduction()),
                options.getOptional(MethodOptions.BOTTLENECK_NON_LINEARITY)
                        .orElse(config.nonLinearity()),
                options.getOptional(MethodOptions.BOTTLENECK_SCALING).orElse(config.scaling()),
                config.name(),
                TaskType.UNSPECIFIED);
    }
}
