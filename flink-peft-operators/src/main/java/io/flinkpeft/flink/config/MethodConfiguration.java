package io.flinkpeft.flink.config;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
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
final class MethodConfiguration {

    static final Map<String, Function<Configuration, PeftConfig>> METHODS =
            new TreeMap<>(
                    Map.of(
                            "bitfit", MethodConfiguration::bitFit,
                            "freeze", MethodConfiguration::freeze,
                            "full", options -> new FullConfig(),
                            "prompt-tuning", MethodConfiguration::prompt,
                            "p-tuning", MethodConfiguration::pTuning,
                            "prefix-tuning", MethodConfiguration::prefix));

    private MethodConfiguration() {}

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
                TaskType.UNSPECIFIED);
    }
}
