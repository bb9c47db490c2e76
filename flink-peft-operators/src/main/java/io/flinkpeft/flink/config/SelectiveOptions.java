package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.selective.BitFitConfig;
import io.flinkpeft.method.selective.FreezeConfig;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The options of the methods that train some of the base's own tensors. */
public final class SelectiveOptions {

    /** {@code peft.bitfit.modules}. */
    public static final ConfigOption<List<String>> BITFIT_MODULES =
            key("peft.bitfit.modules")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Names, or ends of names from a dot on, of the modules whose biases"
                                    + " BitFit trains. Empty: all.");

    /** {@code peft.freeze.layers}. */
    public static final ConfigOption<Integer> FREEZE_LAYERS =
            key("peft.freeze.layers")
                    .intType()
                    .defaultValue(2)
                    .withDescription(
                            "How many of the last layers Freeze trains; negative: of the first.");

    /** {@code peft.freeze.modules}. */
    public static final ConfigOption<List<String>> FREEZE_MODULES =
            key("peft.freeze.modules")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription("Which parts of these layers, such as attention. Empty: all.");

    /** {@code peft.freeze.extra-modules}. */
    public static final ConfigOption<List<String>> FREEZE_EXTRA_MODULES =
            key("peft.freeze.extra-modules")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription("What else Freeze trains outside the layers.");

    private SelectiveOptions() {}

    static PeftConfig bitFit(Configuration options) {
        return new BitFitConfig(options.get(BITFIT_MODULES), TaskType.UNSPECIFIED);
    }

    static PeftConfig freeze(Configuration options) {
        return new FreezeConfig(
                options.get(FREEZE_LAYERS),
                options.get(FREEZE_MODULES),
                options.get(FREEZE_EXTRA_MODULES),
                TaskType.UNSPECIFIED);
    }
}
