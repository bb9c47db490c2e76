package io.flinkpeft.method.bottleneck;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of one bottleneck adapter by AdapterHub's keys, and its name. */
final class BottleneckKeys {

    private static final String ATTENTION = "mh_adapter";
    private static final String FEED_FORWARD = "output_adapter";
    private static final String PARALLEL = "is_parallel";
    private static final String NORM_BEFORE = "original_ln_before";
    private static final String REDUCTION = "reduction_factor";
    private static final String FUNCTION = "non_linearity";
    private static final String SCALING = "scaling";
    private static final String INVERTIBLE = "inv_adapter";
    private static final String INVERTIBLE_REDUCTION = "inv_adapter_reduction_factor";
    private static final String LEAVE_OUT = "leave_out";
    private static final String NICE = "nice";

    static final String NAME = "name";

    static final Set<String> ALL =
            Set.of(
                    ATTENTION,
                    FEED_FORWARD,
                    PARALLEL,
                    NORM_BEFORE,
                    REDUCTION,
                    FUNCTION,
                    SCALING,
                    INVERTIBLE,
                    INVERTIBLE_REDUCTION,
                    LEAVE_OUT,
                    NAME);

    /** Features that change what is computed, and must be off. */
    static final Set<String> UNSUPPORTED =
            Set.of(
                    "adapter_residual_before_ln",
                    "cross_adapter",
                    "ln_after",
                    "ln_before",
                    "phm_layer",
                    "use_gating");

    private BottleneckKeys() {}

    static BottleneckConfig read(JsonValues values) {
        Placement placement = placement(values);
        BottleneckConfig defaults = BottleneckConfig.of(placement);
        var bottleneck =
                new Bottleneck(
                        placement,
                        whole(values, REDUCTION, defaults.reduction()),
                        NonLinearity.of(values.text(FUNCTION, defaults.nonLinearity().name())),
                        values.number(SCALING, defaults.scaling()));
        return new BottleneckConfig(
                bottleneck,
                values.text(NAME, defaults.name()),
                invertible(values),
                values.integers(LEAVE_OUT),
                List.of(),
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

    private static int invertible(JsonValues values) {
        String kind = values.text(INVERTIBLE, "");
        if (kind.isEmpty()) {
            return 0;
        }
        if (!kind.equals(NICE)) {
            throw new IllegalArgumentException(
                    INVERTIBLE + " (" + kind + ") must be nice or null: it is not supported.");
        }
        int reduction = whole(values, INVERTIBLE_REDUCTION, 2);
        if (reduction < 1) {
            throw new IllegalArgumentException(
                    INVERTIBLE_REDUCTION + " (" + reduction + ") must be at least 1. Maybe use 2.");
        }
        return reduction;
    }

    /** AdapterHub writes some whole numbers with a point. */
    private static int whole(JsonValues values, String key, int otherwise) {
        JsonNode node = values.value(key);
        if (node.isNumber() && node.doubleValue() == node.intValue()) {
            return node.intValue();
        }
        return values.integer(key, otherwise);
    }

    static void write(BottleneckConfig config, Map<String, Object> json) {
        boolean invertible = config.invertibleReduction() > 0;
        json.put(ATTENTION, config.placement() == Placement.HOULSBY);
        json.put(FEED_FORWARD, true);
        json.put(PARALLEL, config.placement() == Placement.PARALLEL);
        json.put(NORM_BEFORE, config.placement() == Placement.PFEIFFER);
        json.put(REDUCTION, config.reduction());
        json.put(FUNCTION, config.nonLinearity().label());
        json.put(SCALING, config.scaling());
        json.put(INVERTIBLE, invertible ? NICE : null);
        json.put(INVERTIBLE_REDUCTION, invertible ? config.invertibleReduction() : null);
        json.put(LEAVE_OUT, config.leaveOut());
        json.put(NAME, config.name());
    }
}
