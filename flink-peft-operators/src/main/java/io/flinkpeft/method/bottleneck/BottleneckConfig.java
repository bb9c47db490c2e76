package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Bottleneck adapters: a down-projection, a nonlinearity and an up-projection at a sublayer.
 *
 * <pre>{@code
 * f(x) = s * (W_up act(W_down x + b_down) + b_up)      W_down [m, d]   W_up [d, m]   m = d / reduction
 *
 * HOULSBY    y = LN(h + f(h) + r)             both sublayers
 * PFEIFFER   y = LN(h + f(LN(h + r)) + r)     feed-forward
 * PARALLEL   y = LN(h + f(r) + r)             feed-forward
 *
 *   h  the sublayer's output      r  its input, the residual
 * }</pre>
 *
 * <p>In a decoder there is no LN at these places.
 *
 * <p>Trains {@code 2 m d + m + d} values a bottleneck. A fresh one changes nearly nothing
 * (PARALLEL: nothing). It cannot be merged into the base.
 *
 * <p>Use PFEIFFER first; HOULSBY where its two bottlenecks a layer are worth it; LoRA where a
 * prediction must cost no more than the base's.
 *
 * <p>MAD-X: a language adapter has an invertible adapter as well, behind the embeddings, and its
 * inverse before the output embedding; a task adapter stands on the frozen language adapter.
 *
 * <p>Differs from Houlsby et al.: activation, start and frozen norms are those of AdapterHub.
 *
 * @param bottleneck what each bottleneck computes, and where it stands; default AdapterHub's of the
 *     placement
 * @param name of the adapter in the names of its tensors, without dots; default {@code adapter}
 * @param invertibleReduction how much narrower the invertible adapter is inside, 0 for none;
 *     default 0, AdapterHub 2
 * @param leaveOut layers without bottlenecks, from 0; default none
 * @param beneath frozen adapters that this one stands on, the lowest first; default none
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/1902.00751">Houlsby et al., Parameter-efficient transfer
 *     learning for NLP, 2019, section 2.1</a>
 * @see <a href="https://arxiv.org/abs/2005.00247">Pfeiffer et al., AdapterFusion, 2020, section
 *     3</a>
 * @see <a href="https://arxiv.org/abs/2110.04366">He et al., Towards a unified view of
 *     parameter-efficient transfer learning, 2021, section 3.3</a>
 * @see <a href="https://arxiv.org/abs/2005.00052">Pfeiffer et al., MAD-X, 2020, section 3</a>
 */
public record BottleneckConfig(
        Bottleneck bottleneck,
        String name,
        int invertibleReduction,
        List<Integer> leaveOut,
        List<FrozenAdapter> beneath,
        TaskType taskType)
        implements PeftConfig {

    static final String PEFT_TYPE = "BOTTLENECK";

    private static final int OWN = 1;

    public BottleneckConfig {
        leaveOut = leaveOut.stream().distinct().sorted().toList();
        beneath = List.copyOf(beneath);
        AdapterName.check(name);
        if (invertibleReduction < 0) {
            throw new IllegalArgumentException(
                    "inv_adapter_reduction_factor ("
                            + invertibleReduction
                            + ") must be at least 1. Maybe use 2.");
        }
        checkStack(bottleneck.placement(), invertibleReduction, beneath);
    }

    private static void checkStack(
            Placement placement, int invertibleReduction, List<FrozenAdapter> beneath) {
        if (beneath.isEmpty()) {
            return;
        }
        if (invertibleReduction > 0) {
            throw new IllegalArgumentException(
                    "inv_adapter (nice) must be off above other adapters: only the lowest one is"
                            + " used.");
        }
        boolean parallel =
                placement == Placement.PARALLEL
                        || beneath.stream()
                                .anyMatch(a -> a.config().placement() == Placement.PARALLEL);
        if (parallel) {
            throw new IllegalArgumentException(
                    "is_parallel (true) must be off in a stack. Maybe use seq_bn.");
        }
    }

    /** AdapterHub's defaults of a placement. */
    public static BottleneckConfig of(Placement placement) {
        return new BottleneckConfig(
                Bottleneck.of(placement), "adapter", 0, List.of(), List.of(), TaskType.UNSPECIFIED);
    }

    /** Where the bottlenecks stand. */
    public Placement placement() {
        return bottleneck.placement();
    }

    /** A token's features by those inside a bottleneck. */
    public int reduction() {
        return bottleneck.reduction();
    }

    /** The function inside a bottleneck. */
    public NonLinearity nonLinearity() {
        return bottleneck.nonLinearity();
    }

    /** The factor of what a bottleneck adds. */
    public double scaling() {
        return bottleneck.scaling();
    }

    /** The same with another size. */
    public BottleneckConfig withReduction(int reduction) {
        return with(bottleneck.withReduction(reduction));
    }

    /** The same with another function inside. */
    public BottleneckConfig withNonLinearity(NonLinearity nonLinearity) {
        return with(bottleneck.withNonLinearity(nonLinearity));
    }

    /** The same with another factor. */
    public BottleneckConfig withScaling(double scaling) {
        return with(bottleneck.withScaling(scaling));
    }

    private BottleneckConfig with(Bottleneck bottleneck) {
        return new BottleneckConfig(
                bottleneck, name, invertibleReduction, leaveOut, beneath, taskType);
    }

    /** The same by another name. */
    public BottleneckConfig withName(String name) {
        return new BottleneckConfig(
                bottleneck, name, invertibleReduction, leaveOut, beneath, taskType);
    }

    /** The same with an invertible adapter; 0: without one. */
    public BottleneckConfig withInvertible(int invertibleReduction) {
        return new BottleneckConfig(
                bottleneck, name, invertibleReduction, leaveOut, beneath, taskType);
    }

    /** The same without bottlenecks in some layers. */
    public BottleneckConfig withLeaveOut(List<Integer> leaveOut) {
        return new BottleneckConfig(
                bottleneck, name, invertibleReduction, leaveOut, beneath, taskType);
    }

    /** The same on frozen adapters, the lowest first. */
    public BottleneckConfig on(FrozenAdapter... beneath) {
        return new BottleneckConfig(
                bottleneck, name, invertibleReduction, leaveOut, List.of(beneath), taskType);
    }

    @Override
    public BottleneckConfig withTaskType(TaskType taskType) {
        return new BottleneckConfig(
                bottleneck, name, invertibleReduction, leaveOut, beneath, taskType);
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
        return peftType()
                + " "
                + bottleneck.describe()
                + " name="
                + name
                + (invertibleReduction == 0 ? "" : " invertible=" + invertibleReduction)
                + (leaveOut.isEmpty() ? "" : " leave_out=" + leaveOut)
                + (beneath.isEmpty()
                        ? ""
                        : " on=" + beneath.stream().map(FrozenAdapter::fingerprint).toList());
    }

    /** Whether it has a bottleneck at a sublayer. */
    public boolean stands(Sublayers.Sublayer sublayer) {
        return !leaveOut.contains(sublayer.layer())
                && switch (sublayer.kind()) {
                    case ATTENTION -> placement() == Placement.HOULSBY;
                    case CROSS_ATTENTION -> false;
                    case FEED_FORWARD -> true;
                };
    }

    /** What the kernel must know of it. */
    DoubleStream numbers() {
        return DoubleStream.of(scaling(), nonLinearity().ordinal(), placement().ordinal());
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        Sublayers sublayers = Sublayers.of(sites, model);
        BottleneckLayout layout = BottleneckLayout.of(this, sublayers);
        FrozenStages stages = FrozenStages.of(beneath, sublayers, model);
        double[] own = {OWN, layout.coupling(), nonLinearity().ordinal()};
        boolean coupled = layout.coupling() >= 0;
        Map<Hook, String> kernels = new EnumMap<>(Map.of(Hook.SUBLAYER, "bottleneck"));
        if (coupled || stages.coupled()) {
            kernels.put(Hook.EMBEDDED, "coupling");
        }
        return AttachedMethod.builder(
                        withTaskType(model.task()), kernels, layout.tensors(), sites.size())
                .slots(stages.slots(layout.places()))
                .numbers(stages.numbers(coupled ? own : stages.coupling(), numbers()))
                .frozen(stages.tensors())
                .rules(new BottleneckStart(placement()))
                .build();
    }
}
