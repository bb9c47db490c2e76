package io.flinkpeft.flink.config;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.bottleneck.BottleneckConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.NonLinearity;
import io.flinkpeft.method.bottleneck.Placement;
import io.flinkpeft.method.fusion.FusionConfig;
import io.flinkpeft.method.fusion.FusionOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** The options of bottleneck adapters and of their fusion. */
public final class BottleneckOptions {

    private static final BottleneckConfig BOTTLENECK = BottleneckConfig.of(Placement.PFEIFFER);

    /** {@code peft.bottleneck.placement}. */
    public static final ConfigOption<Placement> BOTTLENECK_PLACEMENT =
            key("peft.bottleneck.placement")
                    .enumType(Placement.class)
                    .defaultValue(Placement.PFEIFFER)
                    .withDescription("HOULSBY, PFEIFFER or PARALLEL.");

    /** {@code peft.bottleneck.reduction}. */
    public static final ConfigOption<Integer> BOTTLENECK_REDUCTION =
            key("peft.bottleneck.reduction")
                    .intType()
                    .noDefaultValue()
                    .withDescription(
                            "A token's features by those inside, at least 1; without it 16,"
                                    + " PARALLEL 2.");

    /** {@code peft.bottleneck.non-linearity}. */
    public static final ConfigOption<NonLinearity> BOTTLENECK_NON_LINEARITY =
            key("peft.bottleneck.non-linearity")
                    .enumType(NonLinearity.class)
                    .noDefaultValue()
                    .withDescription(
                            "RELU, GELU, SWISH, TANH or GELU_NEW; without it RELU, HOULSBY"
                                    + " SWISH.");

    /** {@code peft.bottleneck.scaling}. */
    public static final ConfigOption<Double> BOTTLENECK_SCALING =
            key("peft.bottleneck.scaling")
                    .doubleType()
                    .noDefaultValue()
                    .withDescription("Factor of what a bottleneck adds; without it 1, PARALLEL 4.");

    /** {@code peft.bottleneck.name}. */
    public static final ConfigOption<String> BOTTLENECK_NAME =
            key("peft.bottleneck.name")
                    .stringType()
                    .defaultValue(BOTTLENECK.name())
                    .withDescription("The adapter's name in the names of its tensors.");

    /** {@code peft.bottleneck.invertible-reduction}. */
    public static final ConfigOption<Integer> BOTTLENECK_INVERTIBLE_REDUCTION =
            key("peft.bottleneck.invertible-reduction")
                    .intType()
                    .defaultValue(BOTTLENECK.invertibleReduction())
                    .withDescription(
                            "How much narrower MAD-X's invertible adapter is inside; 0: none.");

    /** {@code peft.bottleneck.leave-out}. */
    public static final ConfigOption<List<Integer>> BOTTLENECK_LEAVE_OUT =
            key("peft.bottleneck.leave-out")
                    .intType()
                    .asList()
                    .defaultValues()
                    .withDescription("Layers without bottlenecks, from 0. Empty: none.");

    /** {@code peft.bottleneck.beneath}. */
    public static final ConfigOption<List<String>> BOTTLENECK_BENEATH =
            key("peft.bottleneck.beneath")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Directories of frozen adapters that the new one stands on, the lowest"
                                    + " first, as in MAD-X.");

    /** {@code peft.fusion.adapters}. */
    public static final ConfigOption<List<String>> FUSION_ADAPTERS =
            key("peft.fusion.adapters")
                    .stringType()
                    .asList()
                    .defaultValues()
                    .withDescription(
                            "Directories of the frozen adapters that AdapterFusion attends to, at"
                                    + " least two.");

    /** {@code peft.fusion.options}. */
    public static final ConfigOption<List<FusionOption>> FUSION_OPTIONS =
            key("peft.fusion.options")
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
            key("peft.fusion.dropout")
                    .doubleType()
                    .defaultValue(0.0)
                    .withDescription(
                            "Probability that a score is dropped while training, in [0, 1).");

    private BottleneckOptions() {}

    static PeftConfig bottleneck(Configuration options) {
        var config = BottleneckConfig.of(options.get(BOTTLENECK_PLACEMENT));
        return config.withReduction(
                        options.getOptional(BOTTLENECK_REDUCTION).orElse(config.reduction()))
                .withNonLinearity(
                        options.getOptional(BOTTLENECK_NON_LINEARITY).orElse(config.nonLinearity()))
                .withScaling(options.getOptional(BOTTLENECK_SCALING).orElse(config.scaling()))
                .withName(options.get(BOTTLENECK_NAME))
                .withInvertible(options.get(BOTTLENECK_INVERTIBLE_REDUCTION))
                .withLeaveOut(options.get(BOTTLENECK_LEAVE_OUT))
                .on(frozen(options, BOTTLENECK_BENEATH).toArray(FrozenAdapter[]::new));
    }

    static PeftConfig fusion(Configuration options) {
        return FusionConfig.of(frozen(options, FUSION_ADAPTERS))
                .withOptions(Set.copyOf(options.get(FUSION_OPTIONS)))
                .withDropout(options.get(FUSION_DROPOUT));
    }

    private static List<FrozenAdapter> frozen(
            Configuration options, ConfigOption<List<String>> directories) {
        return options.get(directories).stream().map(Path::of).map(FrozenAdapter::of).toList();
    }
}
