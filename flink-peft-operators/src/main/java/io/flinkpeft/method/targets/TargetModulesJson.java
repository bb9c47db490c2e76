package io.flinkpeft.method.targets;

import io.flinkpeft.method.codec.JsonValues;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of {@code adapter_config.json} that say which layers are adapted. */
public final class TargetModulesJson {

    /** The keys. */
    public static final Set<String> KEYS =
            Set.of(
                    "target_modules",
                    "exclude_modules",
                    "layers_to_transform",
                    "layers_pattern",
                    "fan_in_fan_out");

    private static final String ALL_LINEAR = "all-linear";

    private TargetModulesJson() {}

    /** Reads the keys; those that are missing have PEFT's defaults. */
    public static TargetModules read(JsonValues values) {
        return new TargetModules(
                targets(values),
                listOrPattern("exclude_modules", values),
                values.integers("layers_to_transform"),
                values.texts("layers_pattern"),
                values.flag("fan_in_fan_out"));
    }

    private static ModuleNames targets(JsonValues values) {
        String key = "target_modules";
        if (values.isNull(key)) {
            return new ModuleNames.ArchitectureDefault();
        }
        return values.value(key).asText().equalsIgnoreCase(ALL_LINEAR)
                ? new ModuleNames.AllLinear()
                : listOrPattern(key, values);
    }

    private static ModuleNames listOrPattern(String key, JsonValues values) {
        return values.value(key).isTextual()
                ? new ModuleNames.Matching(values.value(key).asText())
                : new ModuleNames.Listed(values.texts(key));
    }

    /** Puts the keys. */
    public static void write(TargetModules targets, Map<String, Object> json) {
        json.put("target_modules", names(targets.names()));
        json.put("exclude_modules", names(targets.excluded()));
        json.put("layers_to_transform", orNull(targets.layers()));
        json.put("layers_pattern", orNull(targets.layerPatterns()));
        json.put("fan_in_fan_out", targets.fanInFanOut());
    }

    private static Object names(ModuleNames names) {
        if (names instanceof ModuleNames.Listed listed) {
            return orNull(listed.names());
        }
        if (names instanceof ModuleNames.Matching matching) {
            return matching.pattern();
        }
        return names instanceof ModuleNames.AllLinear ? ALL_LINEAR : null;
    }

    /** An empty list is null in PEFT's files. */
    public static Object orNull(List<?> list) {
        return list.isEmpty() ? null : list;
    }
}
