package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.adalora.AdaLoraConfig;
import io.flinkpeft.method.adalora.BudgetSchedule;
import io.flinkpeft.method.adalora.Importance;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The options of AdaLoRA; the defaults are those of {@link AdaLoraConfig#STREAM}. */
public final class AdaLoraOptions {

    private static final AdaLoraConfig ADALORA = AdaLoraConfig.STREAM;

    /** {@code peft.adalora.initial-rank}. */
    public static final ConfigOption<Integer> ADALORA_INITIAL_RANK =
            key("peft.adalora.initial-rank")
                    .intType()
                    .defaultValue(ADALORA.initialRank())
                    .withDescription("Rank of each layer before pruning, at least 1.");

    /** {@code peft.adalora.target-rank}. */
    public static final ConfigOption<Integer> ADALORA_TARGET_RANK =
            key("peft.adalora.target-rank")
                    .intType()
                    .defaultValue(ADALORA.targetRank())
                    .withDescription("Mean rank after pruning, from 1 to the initial rank.");

    /** {@code peft.adalora.alpha}. */
    public static final ConfigOption<Double> ADALORA_ALPHA =
            key("peft.adalora.alpha")
                    .doubleType()
                    .defaultValue(ADALORA.alpha())
                    .withDescription("Numerator of AdaLoRA's scale alpha / initial rank.");

    /** {@code peft.adalora.dropout}. */
    public static final ConfigOption<Double> ADALORA_DROPOUT =
            key("peft.adalora.dropout")
                    .doubleType()
                    .defaultValue(ADALORA.dropout())
                    .withDescription("Probability that an input of AdaLoRA is dropped, in [0, 1).");

    /** {@code peft.adalora.target-modules}. */
    public static final ConfigOption<List<String>> ADALORA_TARGET_MODULES =
            key("peft.adalora.target-modules")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Names of the layers that AdaLoRA adapts, or all-linear; without it,"
                                    + " what PEFT takes for the architecture.");

    /** {@code peft.adalora.total-step}. */
    public static final ConfigOption<Integer> ADALORA_TOTAL_STEP =
            key("peft.adalora.total-step")
                    .intType()
                    .defaultValue(ADALORA.schedule().steps())
                    .withDescription("After how many steps the budget is at its end.");

    /** {@code peft.adalora.tinit}. */
    public static final ConfigOption<Integer> ADALORA_TINIT =
            key("peft.adalora.tinit")
                    .intType()
                    .defaultValue(ADALORA.schedule().warmup())
                    .withDescription("How many steps begin without pruning.");

    /** {@code peft.adalora.tfinal}. */
    public static final ConfigOption<Integer> ADALORA_TFINAL =
            key("peft.adalora.tfinal")
                    .intType()
                    .defaultValue(ADALORA.schedule().settled())
                    .withDescription("For how many steps before the end the ranks stay.");

    /** {@code peft.adalora.delta-t}. */
    public static final ConfigOption<Integer> ADALORA_DELTA_T =
            key("peft.adalora.delta-t")
                    .intType()
                    .defaultValue(ADALORA.schedule().interval())
                    .withDescription("Steps from one pruning to the next, at least 1.");

    /** {@code peft.adalora.reopen}. */
    public static final ConfigOption<Integer> ADALORA_REOPEN =
            key("peft.adalora.reopen")
                    .intType()
                    .defaultValue(ADALORA.schedule().reopen())
                    .withDescription(
                            "After how many steps the budget begins to fall again; 0: never.");

    /** {@code peft.adalora.beta1}. */
    public static final ConfigOption<Double> ADALORA_BETA1 =
            key("peft.adalora.beta1")
                    .doubleType()
                    .defaultValue(ADALORA.importance().beta1())
                    .withDescription("Decay of the mean sensitivity, in (0, 1).");

    /** {@code peft.adalora.beta2}. */
    public static final ConfigOption<Double> ADALORA_BETA2 =
            key("peft.adalora.beta2")
                    .doubleType()
                    .defaultValue(ADALORA.importance().beta2())
                    .withDescription("Decay of the mean uncertainty, in (0, 1).");

    /** {@code peft.adalora.orth-reg-weight}. */
    public static final ConfigOption<Double> ADALORA_ORTH_REG_WEIGHT =
            key("peft.adalora.orth-reg-weight")
                    .doubleType()
                    .defaultValue(ADALORA.importance().orthogonality())
                    .withDescription("Weight of the orthogonal regularizer, at least 0.");

    private AdaLoraOptions() {}

    static PeftConfig adalora(Configuration options) {
        return new AdaLoraConfig(
                options.get(ADALORA_INITIAL_RANK),
                options.get(ADALORA_TARGET_RANK),
                options.get(ADALORA_ALPHA),
                options.get(ADALORA_DROPOUT),
                Methods.targets(options, ADALORA_TARGET_MODULES),
                new BudgetSchedule(
                        options.get(ADALORA_TOTAL_STEP),
                        options.get(ADALORA_TINIT),
                        options.get(ADALORA_TFINAL),
                        options.get(ADALORA_DELTA_T),
                        options.get(ADALORA_REOPEN)),
                new Importance(
                        options.get(ADALORA_BETA1),
                        options.get(ADALORA_BETA2),
                        options.get(ADALORA_ORTH_REG_WEIGHT)),
                Map.of(),
                List.of(),
                TaskType.UNSPECIFIED);
    }
}
