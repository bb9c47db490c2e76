package io.flinkpeft.method.adapter;

import io.flinkpeft.method.JsonValues;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.PeftConfigCodec;
import io.flinkpeft.method.TaskType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Settings of bottleneck adapters, with AdapterHub's keys. PEFT has no such type; the file is ours.
 */
public final class BottleneckJson implements PeftConfigCodec {

    private static final String ATTENTION = "mh_adapter";
    private static final String FEED_FORWARD = "output_adapter";
    private static final String PARALLEL = "is_parallel";
    private static final String NORM_BEFORE = "original_ln_before";
    private static final String REDUCTION = "reduction_factor";
    private static final String FUNCTION = "non_linearity";
    private static final String SCALING = "scaling";
    private static final String NAME = "name";

    @Override
    public String peftType() {
        return BottleneckConfig.PEFT_TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of(
                ATTENTION, FEED_FORWARD, PARALLEL, NORM_BEFORE, REDUCTION, FUNCTION, SCALING, NAME);
    }

    /** Features that change what is computed. */
    @Override
    public Set<String> unsupported() {
        return Set.of(
                "adapter_residual_before_ln",
                "cross_adapter",
                "inv_adapter",
                "leave_out",
                "ln_after",
                "ln_before",
                "phm_layer",
                "use_gating");
    }

    @Override
    public PeftConfig read(JsonValues values) {
        Placement placement = placement(values);
        BottleneckConfig defaults = BottleneckConfig.of(placement);
        return new BottleneckConfig(
                placement,
                values.integer(REDUCTION, defaults.reduction()),
                function(values.text(FUNCTION, defaults.nonLinearity().name())),
                values.number(SCALING, defaults.scaling()),
                values.text(NAME, defaults.name()),
                TaskType.UNSPECIFIED);
    }

    private static Placement placement(JsonValues values) {
        boolean attention = values.flag(ATTENTION);
        boolean parallel = values.flag(PARALLEL);
        boolean before = values.flag(NORM_BEFORE);
        if (!values.isNull(FEED_FORWARD) && values.flag(FEED_FORWARD)) {
            if (attention && !parallel && !before) {
                return Placement.HOULSBY;
            }
            if (!attention && parallel && !before) {
                return Placement.PARALLEL;
            }
            if (!attention && !parallel && before) {
                return Placement.PFEIFFER;
            }
        }
        throw new IllegalArgumentException(
                "mh_adapter, output_adapter, is_parallel and original_ln_before must be those of"
                        + " double_seq_bn, seq_bn or par_bn.");
    }

    private static NonLinearity function(String name) {
        for (NonLinearity function : NonLinearity.values()) {
            if (function.name().equalsIgnoreCase(name)) {
                return function;
            }
        }
        throw new IllegalArgumentException(
                FUNCTION
                        + " ("
                        + name
                        + ") must be one of "
                        + List.of(NonLinearity.values())
                        + ".");
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        BottleneckConfig adapter = (BottleneckConfig) config;
        json.put(ATTENTION, adapter.placement() == Placement.HOULSBY);
        json.put(FEED_FORWARD, true);
        json.put(PARALLEL, adapter.placement() == Placement.PARALLEL);
        json.put(NORM_BEFORE, adapter.placement() == Placement.PFEIFFER);
        json.put(REDUCTION, adapter.reduction());
        json.put(FUNCTION, adapter.nonLinearity().name().toLowerCase(Locale.ROOT));
        json.put(SCALING, adapter.scaling());
        json.put(NAME, adapter.name());
    }
}
