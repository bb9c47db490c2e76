package io.flinkpeft.flink.config;

import io.flinkpeft.method.ModuleNames;
import io.flinkpeft.method.TargetModules;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.adalora.Importance;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraVariant;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Turns the options of the methods on linear layers into their records. */
final class MethodConfiguration {

    private MethodConfiguration() {}

    static LoraConfig lora(Configuration configuration) {
        var lora =
                new LoraConfig(
                                configuration.get(TrainingOptions.LORA_RANK),
                                configuration.get(TrainingOptions.LORA_ALPHA))
                        .withDropout(configuration.get(TrainingOptions.LORA_DROPOUT))
                        .withTargets(targets(configuration, TrainingOptions.LORA_TARGETS))
                        .withVariant(
                                new LoraVariant(
                                        configuration.get(TrainingOptions.LORA_FORM),
                                        configuration.get(TrainingOptions.LORA_RATE_RATIO),
                                        configuration.get(TrainingOptions.LORA_BIAS),
                                        configuration.get(TrainingOptions.LORA_BIAS_OF_B)))
                        .withInitialisation(configuration.get(TrainingOptions.LORA_INITIALISATION));
        return configuration.get(TrainingOptions.LORA_RANK_STABILISED) ? lora.withRsLora() : lora;
    }

    static Ia3Config ia3(Configuration configuration) {
        ModuleNames feedForward =
                configuration
                        .getOptional(TrainingOptions.IA3_FEEDFORWARD)
                        .<ModuleNames>map(ModuleNames.Listed::new)
                        .orElse(Ia3Config.DEFAULT.feedForward());
        return Ia3Config.DEFAULT.withTargets(
                targets(configuration, TrainingOptions.IA3_TARGETS), feedForward);
    }

    static AdaLoraConfig adalora(Configuration configuration) {
        return new AdaLoraConfig(
                configuration.get(TrainingOptions.ADALORA_INITIAL_RANK),
                configuration.get(TrainingOptions.ADALORA_TARGET_RANK),
                configuration.get(TrainingOptions.ADALORA_ALPHA),
                configuration.get(TrainingOptions.ADALORA_DROPOUT),
                targets(configuration, TrainingOptions.ADALORA_TARGETS),
                new BudgetSchedule(
                        configuration.get(TrainingOptions.ADALORA_STEPS),
                        configuration.get(TrainingOptions.ADALORA_WARMUP),
                        configuration.get(TrainingOptions.ADALORA_SETTLED),
                        configuration.get(TrainingOptions.ADALORA_INTERVAL),
                        configuration.get(TrainingOptions.ADALORA_REOPEN)),
                new Importance(
                        configuration.get(TrainingOptions.ADALORA_BETA1),
                        configuration.get(TrainingOptions.ADALORA_BETA2),
                        configuration.get(TrainingOptions.ADALORA_ORTHOGONALITY)),
                Map.of(),
                List.of(),
                TaskType.UNSPECIFIED);
    }

    private static TargetModules targets(
            Configuration configuration, ConfigOption<List<String>> option) {
        var names = configuration.getOptional(option);
        if (names.isEmpty()) {
            return TargetModules.DEFAULT;
        }
        return names.get().equals(List.of("all-linear"))
                ? TargetModules.ALL_LINEAR
                : TargetModules.named(names.get().toArray(String[]::new));
    }
}
