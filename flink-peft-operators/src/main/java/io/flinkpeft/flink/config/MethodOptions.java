package io.flinkpeft.flink.config;

import io.flinkpeft.method.adapter.BottleneckConfig;
import io.flinkpeft.method.adapter.FusionOption;
import io.flinkpeft.method.adapter.NonLinearity;
import io.flinkpeft.method.adapter.Placement;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptInitialisation;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The options of methods beside those on linear layers. */
public final class MethodOptions {

    private static final int TOKENS = 20;
    private static final PromptTuningConfig PROMPT = new PromptTuningConfig(TOKENS);
    private static final PTuningConfig P_TUNING = new PTuningConfig(TOKENS);
    private static final PrefixTuningConfig PREFIX = new PrefixTuningConfig(TOKENS);
    private static final BottleneckConfig BOTTLENECK = BottleneckConfig.of(Placement.PFEIFFER);

    /** {@code peft.bitfit.modules}. */
    public static final ConfigOption<List<String>> BITFIT_MODULES =
            texts("peft.bitfit.modules")
                    .defaultValues()
                    .withDescription(
                            "Names, or ends of names from a dot on, of the modules whose biases"
                                    + " BitFit trains. Empty: all.");

    /** {@code peft.freeze.layers}. */
    public static final ConfigOption<Integer> FREEZE_LAYERS =
            ConfigOptions.key("peft.freeze.layers")
                    .intType()
                    .defaultValue(2)
                    .withDescription(
                            "How many of the last layers Freeze trains; negative: of the first.");

    /** {@code peft.freeze.modules}. */
    public static final ConfigOption<List<String>> FREEZE_MODULES =
            texts("peft.freeze.modules")
                    .defaultValues()
                    .withDescription("Which parts of these layers, such as attention. Empty: all.");

    /** {@code peft.freeze.extra-modules}. */
    public static final ConfigOption<List<String>> FREEZE_EXTRA_MODULES =
            texts("peft.freeze.extra-modules")
                    .defaultValues()
                    .withDescription("What else Freeze trains outside the layers.");

    /** {@code peft.prompt.tokens}. */
    public static final ConfigOption<Integer> PROMPT_TOKENS =
            ConfigOptions.key("peft.prompt.tokens")
                    .intType()
                    .defaultValue(TOKENS)
                    .withDescription("Virtual tokens of a prompt, at least 1.");

    /** {@code peft.prompt.initialisation}. */
    public static final ConfigOption<PromptInitialisation> PROMPT_INITIALISATION =
            ConfigOptions.key("peft.prompt.initialisation")
                    .enumType(PromptInitialisation.class)
                    .defaultValue(PROMPT.initialisation())
                    .withDescription("RANDOM, SAMPLE_VOCAB or TEXT.");

    /** {@code peft.prompt.text}. */
    public static final ConfigOption<String> PROMPT_TEXT =
            ConfigOptions.key("peft.prompt.text")
                    .stringType()
                    .defaultValue(PROMPT.text())
                    .withDescription("The text that a prompt starts from, for TEXT.");

    /** {@code peft.prompt.pooled}. */
    public static final ConfigOption<PooledToken> PROMPT_POOLED =
            ConfigOptions.key("peft.prompt.pooled")
                    .enumType(PooledToken.class)
                    .defaultValue(PROMPT.pooled())
                    .withDescription(
                            "What the checkpoint's own head reads: FIRST_VIRTUAL, as in PEFT, or"
                                    + " FIRST_REAL. For prompt tuning and P-tuning.");

    /** {@code peft.prefix.tokens}. */
    public static final ConfigOption<Integer> PREFIX_TOKENS =
            ConfigOptions.key("peft.prefix.tokens")
                    .intType()
                    .defaultValue(TOKENS)
                    .withDescription("Keys and values that each layer gets, at least 1.");

    /** {@code peft.prefix.projection}. */
    public static final ConfigOption<Boolean> PREFIX_PROJECTION =
            ConfigOptions.key("peft.prefix.projection")
                    .booleanType()
                    .defaultValue(PREFIX.projection())
                    .withDescription("Whether an MLP makes the prefix while training.");

    /** {@code peft.prefix.hidden-size}. */
    public static final ConfigOption<Integer> PREFIX_HIDDEN_SIZE =
            ConfigOptions.key("peft.prefix.hidden-size")
                    .intType()
                    .defaultValue(PREFIX.hidden())
                    .withDescription("Features inside the MLP; 0: those of a token.");

    /** {@code peft.prefix.zero}. */
    public static final ConfigOption<Boolean> PREFIX_ZERO =
            ConfigOptions.key("peft.prefix.zero")
                    .booleanType()
                    .defaultValue(PREFIX.zero())
                    .withDescription("Whether the prefix starts at zero.");

    /** {@code peft.prefix.scope}. */
    public static final ConfigOption<PrefixScope> PREFIX_SCOPE =
            ConfigOptions.key("peft.prefix.scope")
                    .enumType(PrefixScope.class)
                    .defaultValue(PREFIX.scope())
                    .withDescription("Which attentions of an encoder-decoder have a prefix.");

    /** {@code peft.p-tuning.tokens}. */
    public static final ConfigOption<Integer> P_TUNING_TOKENS =
            ConfigOptions.key("peft.p-tuning.tokens")
                    .intType()
                    .defaultValue(TOKENS)
                    .withDescription("Virtual tokens of a prompt, at least 1.");

    /** {@code peft.p-tuning.encoder}. */
    public static final ConfigOption<PromptEncoder> P_TUNING_ENCODER =
            ConfigOptions.key("peft.p-tuning.encoder")
                    .enumType(PromptEncoder.class)
                    .defaultValue(P_TUNING.encoder())
                    .withDescription("What makes the prompt while training: MLP or LSTM.");

    /** {@code peft.p-tuning.hidden-size}. */
    public static final ConfigOption<Integer> P_TUNING_HIDDEN_SIZE =
            ConfigOptions.key("peft.p-tuning.hidden-size")
                    .intType()
                    .defaultValue(P_TUNING.hidden())
                    .withDescription("Features inside the encoder; 0: those of a token.");

    /** {@code peft.p-tuning.layers}. */
    public static final ConfigOption<Integer> P_TUNING_LAYERS =
            ConfigOptions.key("peft.p-tuning.layers")
                    .intType()
                    .defaultValue(P_TUNING.layers())
                    .withDescription("Layers of the LSTM, at least 1.");

    /** {@code peft.p-tuning.dropout}. */
    public static final ConfigOption<Double> P_TUNING_DROPOUT =
            ConfigOptions.key("peft.p-tuning.dropout")
                    .doubleType()
                    .defaultValue(P_TUNING.dropout())
                    .withDescription("Between layers of the LSTM, in [0, 1).");

    /** {@code peft.bottleneck.placement}. */
    public static final ConfigOption<Placement> BOTTLENECK_PLACEMENT =
            ConfigOptions.key("peft.bottleneck.placement")
                    .enumType(Placement.class)
                    .defaultValue(Placement.PFEIFFER)
                    .withDescription("HOULSBY, PFEIFFER or PARALLEL.");

    /** {@code peft.bottleneck.reduction}. */
    public static final ConfigOption<Integer> BOTTLENECK_REDUCTION =
            ConfigOptions.key("peft.bottleneck.reduction")
                    .intType()
                    .noDefaultValue()
                    .withDescription(
                            "A token's features by those inside, at least 1; without it 16,"
                                    + " PARALLEL 2.");

    /** {@code peft.bottleneck.non-linearity}. */
    public static final ConfigOption<NonLinearity> BOTTLENECK_NON_LINEARITY =
            ConfigOptions.key("peft.bottleneck.non-linearity")
                    .enumType(NonLinearity.class)
                    .noDefaultValue()
                    .withDescription(
                            "RELU, GELU, SWISH, TANH or GELU_NEW; without it RELU, HOULSBY"
                                    + " SWISH.");

    /** {@code peft.bottleneck.scaling}. */
    public static final ConfigOption<Double> BOTTLENECK_SCALING =
            ConfigOptions.key("peft.bottleneck.scaling")
                    .doubleType()
                    .noDefaultValue()
                    .withDescription("Factor of what a bottleneck adds; without it 1, PARALLEL 4.");

    /** {@code peft.bottleneck.name}. */
    public static final ConfigOption<String> BOTTLENECK_NAME =
            ConfigOptions.key("peft.bottleneck.name")
                    .stringType()
                    .defaultValue(BOTTLENECK.name())
                    .withDescription("The adapter's name in the names of its tensors.");

    /** {@code peft.bottleneck.invertible-reduction}. */
    public static final ConfigOption<Integer> BOTTLENECK_INVERTIBLE_REDUCTION =
            ConfigOptions.key("peft.bottleneck.invertible-reduction")
                    .intType()
                    .defaultValue(BOTTLENECK.invertibleReduction())
                    .withDescription(
                            "How much narrower MAD-X's invertible adapter is inside; 0: none.");

    /** {@code peft.bottleneck.leave-out}. */
    public static final ConfigOption<List<Integer>> BOTTLENECK_LEAVE_OUT =
            ConfigOptions.key("peft.bottleneck.leave-out")
                    .intType()
                    .asList()
                    .defaultValues()
                    .withDescription("Layers without bottlenecks, from 0. Empty: none.");

    /** {@code peft.bottleneck.beneath}. */
    public static final ConfigOption<List<String>> BOTTLENECK_BENEATH =
            texts("peft.bottleneck.beneath")
                    .defaultValues()
                    .withDescription(
                            "Directories of frozen adapters that the new one stands on, the lowest"
                                    + " first, as in MAD-X.");

    /** {@code peft.fusion.adapters}. */
    public static final ConfigOption<List<String>> FUSION_ADAPTERS =
            texts("peft.fusion.adapters")
                    .defaultValues()
                    .withDescription(
                            "Directories of the frozen adapters that AdapterFusion attends to, at"
                                    + " least two.");

    /** {@code peft.fusion.options}. */
    public static final ConfigOption<List<FusionOption>> FUSION_OPTIONS =
            ConfigOptions.key("peft.fusion.options")
                    .enumType(FusionOption.class)
                    .asList()
                    .defaultValues(
                            FusionOption.DYNAMIC.stream().sorted().toArray(FusionOption[]::new))
                    .withDescription(
                            "What a fusion layer has and does: QUERY, KEY, VALUE, QUERY_BEFORE_LN,"
                                    + " REGULARIZATION, RESIDUAL_BEFORE, TEMPERATURE,"
                                    + " VALUE_BEFORE_SOFTMAX, VALUE_INITIALIZED.");

    /** {@code peft.fusion.dropout}. */
    public static final ConfigOption<Double> FUSION_DROPOUT =
            ConfigOptions.key("peft.fusion.dropout")
                    .doubleType()
                    .defaultValue(0.0)
                    .withDescription(
                            "Probability that a score is dropped while training, in [0, 1).");

    private MethodOptions() {}

    private static ConfigOptions.ListConfigOptionBuilder<String> texts(String key) {
        return ConfigOptions.key(key).stringType().asList();
    }
}
