package io.flinkpeft.method.adapter;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * <p>Trains {@code 2 m d + m + d} values a bottleneck. A fresh one changes nearly nothing
 * (PARALLEL: nothing). It cannot be merged into the base.
 *
 * <p>Use PFEIFFER first; HOULSBY where its two bottlenecks a layer are worth it; LoRA where a
 * prediction must cost no more than the base's.
 *
 * <p>Differs from Houlsby et al.: activation, start and frozen norms are those of AdapterHub.
 *
 * @param placement where; default {@link Placement#PFEIFFER}
 * @param reduction {@code d / m}, at least 1; default 16, PARALLEL 2
 * @param nonLinearity act; default {@link NonLinearity#RELU}, HOULSBY {@link NonLinearity#SWISH}
 * @param scaling {@code s}, finite; default 1, PARALLEL 4
 * @param name of the adapter in the names of its tensors, without dots; default {@code adapter}
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 * @see <a href="https://arxiv.org/abs/1902.00751">Houlsby et al., Parameter-efficient transfer
 *     learning for NLP, 2019, section 2.1</a>
 * @see <a href="https://arxiv.org/abs/2005.00247">Pfeiffer et al., AdapterFusion, 2020, section
 *     3</a>
 * @see <a href="https://arxiv.org/abs/2110.04366">He et al., Towards a unified view of
 *     parameter-efficient transfer learning, 2021, section 3.3</a>
 */
public record BottleneckConfig(
        Placement placement,
        int reduction,
        NonLinearity nonLinearity,
        double scaling,
        String name,
        TaskType taskType)
        implements PeftConfig {

    static final String PEFT_TYPE = "BOTTLENECK";

    private static final Set<String> MODEL_TYPES = Set.of("bert", "roberta", "deberta-v2");
    private static final String DENSE = "output.dense";
    private static final String ATTENTION = "attention." + DENSE;

    public BottleneckConfig {
        if (reduction < 1) {
            throw new IllegalArgumentException(
                    "reduction_factor (" + reduction + ") must be at least 1. Maybe use 16.");
        }
        if (!Double.isFinite(scaling)) {
            throw new IllegalArgumentException("scaling (" + scaling + ") must be finite.");
        }
        if (!name.matches("[^.]+")) {
            throw new IllegalArgumentException("name (" + name + ") must be without dots.");
        }
    }

    /** AdapterHub's defaults of a placement. */
    public static BottleneckConfig of(Placement placement) {
        boolean parallel = placement == Placement.PARALLEL;
        return new BottleneckConfig(
                placement,
                parallel ? 2 : 16,
                placement == Placement.HOULSBY ? NonLinearity.SWISH : NonLinearity.RELU,
                parallel ? 4 : 1,
                "adapter",
                TaskType.UNSPECIFIED);
    }

    /** The same with another size. */
    public BottleneckConfig withReduction(int reduction) {
        return new BottleneckConfig(placement, reduction, nonLinearity, scaling, name, taskType);
    }

    /** The same with another function inside. */
    public BottleneckConfig withNonLinearity(NonLinearity nonLinearity) {
        return new BottleneckConfig(placement, reduction, nonLinearity, scaling, name, taskType);
    }

    /** The same with another factor. */
    public BottleneckConfig withScaling(double scaling) {
        return new BottleneckConfig(placement, reduction, nonLinearity, scaling, name, taskType);
    }

    @Override
    public BottleneckConfig withTaskType(TaskType taskType) {
        return new BottleneckConfig(placement, reduction, nonLinearity, scaling, name, taskType);
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public List<String> modulesToSave() {
        return taskType.heads();
    }

    @Override
    public String fingerprint() {
        return peftType()
                + " "
                + placement
                + " reduction="
                + reduction
                + " "
                + nonLinearity
                + " scaling="
                + scaling
                + " name="
                + name;
    }

    @Override
    public Attachment attach(List<Site> sites, AttachedModel model) {
        if (!MODEL_TYPES.contains(model.modelType())) {
            throw new IllegalArgumentException(
                    "model_type ("
                            + model.modelType()
                            + ") must be one of "
                            + MODEL_TYPES.stream().sorted().toList()
                            + " for bottleneck adapters.");
        }
        var layout = new TensorLayout.Builder();
        List<Site> sublayers = sites.stream().filter(BottleneckConfig::sublayer).toList();
        long[] slots = new long[sublayers.size()];
        int place = 0;
        for (int i = 0; i < slots.length; i++) {
            Site site = sublayers.get(i);
            slots[i] = -1;
            if (placement == Placement.HOULSBY || !site.module().endsWith(ATTENTION)) {
                slots[i] = place;
                place += add(layout, site);
            }
        }
        TensorLayout tensors = layout.build();
        double[] numbers = {scaling, nonLinearity.ordinal(), placement.ordinal()};
        return new Attachment(
                        withTaskType(model.task()),
                        Map.of(Hook.SUBLAYER, "bottleneck"),
                        tensors,
                        slots,
                        new double[sites.size()],
                        0,
                        List.of(new Attachment.Group(tensors.size())))
                .withNumbers(numbers);
    }

    /** Whether a linear layer is the last of a sublayer. */
    private static boolean sublayer(Site site) {
        return site.module().endsWith("." + DENSE);
    }

    private int add(TensorLayout.Builder layout, Site site) {
        String module = site.module().substring(0, site.module().length() - ".dense".length());
        String adapter = module + ".adapters." + name + ".";
        int d = site.out();
        int m = Math.max(1, d / reduction);
        layout.add(adapter + "adapter_down.0.weight", m, d)
                .add(adapter + "adapter_down.0.bias", m)
                .add(adapter + "adapter_up.weight", d, m)
                .add(adapter + "adapter_up.bias", d);
        return 4;
    }

    @Override
    public void initialise(Attachment attachment, long seed, float[] row) {
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.columns() > 0) {
                initialise(slot, Seeds.derive(seed, slot.name()), row);
            }
        }
    }

    /** Normal with 0.02; in PARALLEL Kaiming's uniform down, zero up. */
    private void initialise(TensorLayout.Slot slot, long stream, float[] row) {
        boolean up = slot.name().endsWith("adapter_up.weight");
        for (int i = 0; i < slot.size(); i++) {
            row[slot.offset() + i] =
                    placement != Placement.PARALLEL
                            ? 0.02f * Seeds.gaussian(stream, i)
                            : up
                                    ? 0
                                    : (2 * Seeds.uniform(stream, i) - 1)
                                            / (float) Math.sqrt(slot.columns());
        }
    }

    @Override
    public String headPrefix() {
        return "";
    }
}
