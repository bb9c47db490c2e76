package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.ia3.Ia3Config;
import io.flinkpeft.method.targets.ModuleNames;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The options of IA3. */
public final class Ia3Options {

    /** {@code peft.ia3.target-modules}. */
    public static final ConfigOption<List<String>> IA3_TARGET_MODULES =
            key("peft.ia3.target-modules")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Names of the layers that IA3 scales; without it, what PEFT takes for"
                                    + " the architecture.");

    /** {@code peft.ia3.feedforward-modules}. */
    public static final ConfigOption<List<String>> IA3_FEEDFORWARD_MODULES =
            key("peft.ia3.feedforward-modules")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Which of them are scaled at their input; without it, what PEFT takes"
                                    + " for the architecture.");

    private Ia3Options() {}

    static PeftConfig ia3(Configuration options) {
        ModuleNames feedForward =
                options.getOptional(IA3_FEEDFORWARD_MODULES)
                        .<ModuleNames>map(ModuleNames.Listed::new)
                        .orElse(Ia3Config.DEFAULT.feedForward());
        return Ia3Config.DEFAULT.withTargets(
                Methods.targets(options, IA3_TARGET_MODULES), feedForward);
    }
}
