package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.lora.Initialization;
import io.flinkpeft.method.lora.LoraBias;
import io.flinkpeft.method.lora.LoraConfig;
import io.flinkpeft.method.lora.LoraForm;
import io.flinkpeft.method.lora.LoraVariant;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The options of LoRA; the defaults are those of {@link LoraConfig}. */
public final class LoraOptions {

    private static final LoraConfig LORA = LoraConfig.DEFAULT;

    /** {@code peft.lora.rank}. */
    public static final ConfigOption<Integer> LORA_RANK =
            key("peft.lora.rank")
                    .intType()
                    .defaultValue(LORA.rank())
                    .withDescription("Rank of LoRA's correction, at least 1.");

    /** {@code peft.lora.alpha}. */
    public static final ConfigOption<Double> LORA_ALPHA =
            key("peft.lora.alpha")
                    .doubleType()
                    .defaultValue(LORA.alpha())
                    .withDescription("Numerator of LoRA's scale alpha / rank, more than 0.");

    /** {@code peft.lora.dropout}. */
    public static final ConfigOption<Double> LORA_DROPOUT =
            key("peft.lora.dropout")
                    .doubleType()
                    .defaultValue(LORA.dropout())
                    .withDescription("Probability that an input of LoRA is dropped, in [0, 1).");

    /** {@code peft.lora.target-modules}. */
    public static final ConfigOption<List<String>> LORA_TARGET_MODULES =
            key("peft.lora.target-modules")
                    .stringType()
                    .asList()
                    .noDefaultValue()
                    .withDescription(
                            "Names of the layers that LoRA adapts, or all-linear; without it, what"
                                    + " PEFT takes for the architecture.");

    /** {@code peft.lora.use-rslora}. */
    public static final ConfigOption<Boolean> LORA_USE_RSLORA =
            key("peft.lora.use-rslora")
                    .booleanType()
                    .defaultValue(LORA.ranks().rsLora())
                    .withDescription("Whether the scale is alpha / sqrt(rank).");

    /** {@code peft.lora.variant}. */
    public static final ConfigOption<LoraForm> LORA_VARIANT =
            key("peft.lora.variant")
                    .enumType(LoraForm.class)
                    .defaultValue(LORA.variant().form())
                    .withDescription(
                            "ADAPTER: a correction beside the layer; DORA: with a magnitude for"
                                    + " each output; OPTIMIZER: in the weight itself.");

    /** {@code peft.lora.loraplus-lr-ratio}. */
    public static final ConfigOption<Double> LORA_LORAPLUS_LR_RATIO =
            key("peft.lora.loraplus-lr-ratio")
                    .doubleType()
                    .defaultValue(LORA.variant().rateRatio())
                    .withDescription(
                            "LoRA+: learning rate of B divided by that of A, more than 0; 1 is off,"
                                    + " 16 recommended.");

    /** {@code peft.lora.bias}. */
    public static final ConfigOption<LoraBias> LORA_BIAS =
            key("peft.lora.bias")
                    .enumType(LoraBias.class)
                    .defaultValue(LORA.variant().bias())
                    .withDescription(
                            "Which of the base's biases LoRA trains as well: NONE, ALL or LORA_ONLY,"
                                    + " those of the adapted layers.");

    /** {@code peft.lora.lora-bias}. */
    public static final ConfigOption<Boolean> LORA_LORA_BIAS =
            key("peft.lora.lora-bias")
                    .booleanType()
                    .defaultValue(LORA.variant().biasOfB())
                    .withDescription(
                            "Whether the correction has a bias of its own, PEFT's lora_bias.");

    /** {@code peft.lora.init-lora-weights}. */
    public static final ConfigOption<Initialization> LORA_INIT_LORA_WEIGHTS =
            key("peft.lora.init-lora-weights")
                    .enumType(Initialization.class)
                    .defaultValue(LORA.initialization())
                    .withDescription(
                            "How A starts: KAIMING_UNIFORM or GAUSSIAN; PISSA: A and B start from"
                                    + " the weight's largest singular values.");

    private LoraOptions() {}

    static PeftConfig lora(Configuration options) {
        var variant =
                new LoraVariant(
                        options.get(LORA_VARIANT),
                        options.get(LORA_LORAPLUS_LR_RATIO),
                        options.get(LORA_BIAS),
                        options.get(LORA_LORA_BIAS));
        var lora =
                new LoraConfig(options.get(LORA_RANK), options.get(LORA_ALPHA))
                        .withDropout(options.get(LORA_DROPOUT))
                        .withTargets(Methods.targets(options, LORA_TARGET_MODULES))
                        .withVariant(variant)
                        .withInitialization(options.get(LORA_INIT_LORA_WEIGHTS));
        return options.get(LORA_USE_RSLORA) ? lora.withRsLora() : lora;
    }
}
