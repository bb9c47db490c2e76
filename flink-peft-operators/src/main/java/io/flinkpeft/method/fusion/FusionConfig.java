package io.flinkpeft.method.fusion;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.Placement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * AdapterFusion: attention over adapters that were trained alone and are frozen.
 *
 * <pre>{@code
 * p_i = softmax_i((W_q x + b_q) . (W_k z_i + b_k) / T)      y = LN(sum_i p_i W_v z_i + h + r)
 *
 *   x  what the adapters see     z_i  what adapter i gives      W_q, W_k, W_v [d, d]
 *   h  the sublayer's output     r    its residual              T  1, or falling from 50
 * }</pre>
 *
 * <p>Trains {@code 3 d d + 2 d} values at each sublayer where the adapters are, and a head. The
 * loss has {@code 0.01 |I - W_v|^2} for each of them.
 *
 * <p>Use it where several tasks have adapters and a new one has few examples. Not where a
 * prediction must be cheap: all adapters run.
 *
 * <p>Differs from AdapterHub: dropout of the attention is off unless {@code dropout} is set, and
 * only training lets the temperature fall.
 *
 * @param adapters the frozen ones, at least two, all sequential and of one placement
 * @param options default {@link FusionOption#DYNAMIC}
 * @param dropout probability that a score is dropped while training, in [0, 1); default 0
 * @param taskType what it is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/2005.00247">Pfeiffer et al., AdapterFusion, 2020, section
 *     3.2</a>
 */
public record FusionConfig(
        List<FrozenAdapter> adapters, Set<FusionOption> options, double dropout, TaskType taskType)
        implements PeftConfig {

    /** The temperature, the first value of a row that has one. AdapterHub does not save it. */
    public static final String TEMPERATURE = "temperature";

    static final String PEFT_TYPE = "ADAPTER_FUSION";

    public FusionConfig {
        adapters = List.copyOf(adapters);
        options = Set.copyOf(options);
        if (adapters.size() < 2) {
            throw new IllegalArgumentException(
                    "adapters (" + names(adapters) + ") must be at least two to fuse.");
        }
        if (adapters.stream().map(FrozenAdapter::name).distinct().count() < adapters.size()) {
            throw new IllegalArgumentException(
                    "adapters (" + names(adapters) + ") must have different names.");
        }
        Placement placement = adapters.get(0).config().placement();
        for (FrozenAdapter adapter : adapters) {
            Placement own = adapter.config().placement();
            if (own != placement || own == Placement.PARALLEL) {
                throw new IllegalArgumentException(
                        "adapters ("
                                + names(adapters)
                                + ") must all be seq_bn or all double_seq_bn; "
                                + adapter.name()
                                + " is "
                                + own
                                + ".");
            }
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout_prob (" + dropout + ") must be in [0, 1).");
        }
    }

    /** AdapterHub's default of a fusion. */
    public static FusionConfig of(List<FrozenAdapter> adapters) {
        return new FusionConfig(adapters, FusionOption.DYNAMIC, 0, TaskType.UNSPECIFIED);
    }

    /** The same with other options. */
    public FusionConfig withOptions(Set<FusionOption> options) {
        return new FusionConfig(adapters, options, dropout, taskType);
    }

    /** The same with dropout. */
    public FusionConfig withDropout(double dropout) {
        return new FusionConfig(adapters, options, dropout, taskType);
    }

    @Override
    public FusionConfig withTaskType(TaskType taskType) {
        return new FusionConfig(adapters, options, dropout, taskType);
    }

    private static String names(List<FrozenAdapter> adapters) {
        return String.join(",", adapters.stream().map(FrozenAdapter::name).toList());
    }

    /** Its name: those of the adapters. */
    public String name() {
        return names(adapters);
    }

    /** Whether an option is on. */
    public boolean has(FusionOption option) {
        return options.contains(option);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public List<String> modulesToSave() {
        return taskType.allHeads();
    }

    @Override
    public String fingerprint() {
        var sorted = EnumSet.noneOf(FusionOption.class);
        sorted.addAll(options);
        return peftType()
                + " "
                + sorted
                + " dropout="
                + dropout
                + " of="
                + adapters.stream().map(FrozenAdapter::fingerprint).toList();
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        return FusionAttachment.of(this, sites, model);
    }
}
