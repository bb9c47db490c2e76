package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.prefix.PrefixScope;
import io.flinkpeft.method.prefix.PrefixTuningConfig;
import io.flinkpeft.method.prompt.PooledToken;
import io.flinkpeft.method.prompt.PromptInitialization;
import io.flinkpeft.method.prompt.PromptTuningConfig;
import io.flinkpeft.method.prompt.VirtualTokens;
import io.flinkpeft.method.ptuning.PTuningConfig;
import io.flinkpeft.method.ptuning.PromptEncoder;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The options of the methods with virtual tokens: prompt tuning, P-tuning, prefix tuning. */
public final class PromptOptions {

    private static final int TOKENS = 20;
    private static final PromptTuningConfig PROMPT = new PromptTuningConfig(TOKENS);
    private static final PTuningConfig P_TUNING = new PTuningConfig(TOKENS);
    private static final PrefixTuningConfig PREFIX = new PrefixTuningConfig(TOKENS);

    /** {@code peft.prompt.num-virtual-tokens}. */
    public static final ConfigOption<Integer> PROMPT_NUM_VIRTUAL_TOKENS =
            key("peft.prompt.num-virtual-tokens")
                    .intType()
                    .defaultValue(TOKENS)
                    .withDescription("Virtual tokens of a prompt, at least 1.");

    /** {@code peft.prompt.init}. */
    public static final ConfigOption<PromptInitialization> PROMPT_INIT =
            key("peft.prompt.init")
                    .enumType(PromptInitialization.class)
                    .defaultValue(PROMPT.initialization())
                    .withDescription("RANDOM, SAMPLE_VOCAB or TEXT.");

    /** {@code peft.prompt.init-text}. */
    public static final ConfigOption<String> PROMPT_INIT_TEXT =
            key("peft.prompt.init-text")
                    .stringType()
                    .defaultValue(PROMPT.text())
                    .withDescription("The text that a prompt starts from, for TEXT.");

    /** {@code peft.prompt.pooled}. */
    public static final ConfigOption<PooledToken> PROMPT_POOLED =
            key("peft.prompt.pooled")
                    .enumType(PooledToken.class)
                    .defaultValue(PROMPT.pooled())
                    .withDescription(
                            "What the checkpoint's own head reads: FIRST_VIRTUAL, as in PEFT, or"
                                    + " FIRST_REAL. For prompt tuning and P-tuning.");

    /** {@code peft.prefix.num-virtual-tokens}. */
    public static final ConfigOption<Integer> PREFIX_NUM_VIRTUAL_TOKENS =
            key("peft.prefix.num-virtual-tokens")
                    .intType()
                    .defaultValue(TOKENS)
                    .withDescription("Keys and values that each layer gets, at least 1.");

    /** {@code peft.prefix.projection}. */
    public static final ConfigOption<Boolean> PREFIX_PROJECTION =
            key("peft.prefix.projection")
                    .booleanType()
                    .defaultValue(PREFIX.projection())
                    .withDescription("Whether an MLP makes the prefix while training.");

    /** {@code peft.prefix.encoder-hidden-size}. */
    public static final ConfigOption<Integer> PREFIX_ENCODER_HIDDEN_SIZE =
            key("peft.prefix.encoder-hidden-size")
                    .intType()
                    .defaultValue(PREFIX.hidden())
                    .withDescription("Features inside the MLP; 0: those of a token.");

    /** {@code peft.prefix.zero}. */
    public static final ConfigOption<Boolean> PREFIX_ZERO =
            key("peft.prefix.zero")
                    .booleanType()
                    .defaultValue(PREFIX.zero())
                    .withDescription("Whether the prefix starts at zero.");

    /** {@code peft.prefix.scope}. */
    public static final ConfigOption<PrefixScope> PREFIX_SCOPE =
            key("peft.prefix.scope")
                    .enumType(PrefixScope.class)
                    .defaultValue(PREFIX.scope())
                    .withDescription(
                            "Which attentions have a prefix, of encoder-decoders, DeBERTa and T5's encoder.");

    /** {@code peft.p-tuning.num-virtual-tokens}. */
    public static final ConfigOption<Integer> P_TUNING_NUM_VIRTUAL_TOKENS =
            key("peft.p-tuning.num-virtual-tokens")
                    .intType()
                    .defaultValue(TOKENS)
                    .withDescription("Virtual tokens of a prompt, at least 1.");

    /** {@code peft.p-tuning.encoder-reparameterization-type}. */
    public static final ConfigOption<PromptEncoder> P_TUNING_ENCODER_REPARAMETERIZATION_TYPE =
            key("peft.p-tuning.encoder-reparameterization-type")
                    .enumType(PromptEncoder.class)
                    .defaultValue(P_TUNING.encoder())
                    .withDescription("What makes the prompt while training: MLP or LSTM.");

    /** {@code peft.p-tuning.encoder-hidden-size}. */
    public static final ConfigOption<Integer> P_TUNING_ENCODER_HIDDEN_SIZE =
            key("peft.p-tuning.encoder-hidden-size")
                    .intType()
                    .defaultValue(P_TUNING.hidden())
                    .withDescription("Features inside the encoder; 0: those of a token.");

    /** {@code peft.p-tuning.encoder-num-layers}. */
    public static final ConfigOption<Integer> P_TUNING_ENCODER_NUM_LAYERS =
            key("peft.p-tuning.encoder-num-layers")
                    .intType()
                    .defaultValue(P_TUNING.layers())
                    .withDescription("Layers of the LSTM, at least 1.");

    /** {@code peft.p-tuning.encoder-dropout}. */
    public static final ConfigOption<Double> P_TUNING_ENCODER_DROPOUT =
            key("peft.p-tuning.encoder-dropout")
                    .doubleType()
                    .defaultValue(P_TUNING.dropout())
                    .withDescription("Between layers of the LSTM, in [0, 1).");

    private PromptOptions() {}

    static PeftConfig prompt(Configuration options) {
        return new PromptTuningConfig(
                VirtualTokens.of(options.get(PROMPT_NUM_VIRTUAL_TOKENS)),
                options.get(PROMPT_INIT),
                options.get(PROMPT_INIT_TEXT),
                "",
                options.get(PROMPT_POOLED),
                TaskType.UNSPECIFIED);
    }

    static PeftConfig pTuning(Configuration options) {
        return new PTuningConfig(
                VirtualTokens.of(options.get(P_TUNING_NUM_VIRTUAL_TOKENS)),
                options.get(P_TUNING_ENCODER_REPARAMETERIZATION_TYPE),
                options.get(P_TUNING_ENCODER_HIDDEN_SIZE),
                options.get(P_TUNING_ENCODER_NUM_LAYERS),
                options.get(P_TUNING_ENCODER_DROPOUT),
                options.get(PROMPT_POOLED),
                TaskType.UNSPECIFIED);
    }

    static PeftConfig prefix(Configuration options) {
        return new PrefixTuningConfig(
                VirtualTokens.of(options.get(PREFIX_NUM_VIRTUAL_TOKENS)),
                options.get(PREFIX_PROJECTION),
                options.get(PREFIX_ENCODER_HIDDEN_SIZE),
                options.get(PREFIX_ZERO),
                options.get(PREFIX_SCOPE),
                TaskType.UNSPECIFIED);
    }
}
