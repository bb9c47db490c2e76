package io.flinkpeft.method.fusion;

import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.codec.JsonValues;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The settings of a fusion by AdapterHub's keys. */
public final class FusionKeys {

    private static final String DROPOUT = "dropout_prob";

    private FusionKeys() {}

    static Set<String> all() {
        var keys = new TreeSet<>(Set.of(DROPOUT));
        for (FusionOption option : FusionOption.values()) {
            keys.add(option.key());
        }
        return keys;
    }

    /** A key that is absent has the value of {@code dynamic}. */
    public static FusionConfig read(JsonValues values, List<FrozenAdapter> adapters) {
        var options = EnumSet.noneOf(FusionOption.class);
        for (FusionOption option : FusionOption.values()) {
            boolean absent = values.value(option.key()).isMissingNode();
            boolean on = absent ? FusionOption.DYNAMIC.contains(option) : values.flag(option.key());
            if (on) {
                options.add(option);
            }
        }
        return new FusionConfig(adapters, options, values.number(DROPOUT, 0), TaskType.UNSPECIFIED);
    }

    public static void write(FusionConfig config, Map<String, Object> json) {
        for (FusionOption option : FusionOption.values()) {
            json.put(option.key(), config.has(option));
        }
        json.put(DROPOUT, config.dropout() == 0 ? null : config.dropout());
    }
}
