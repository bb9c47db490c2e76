package io.flinkpeft.method.ia3;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.Mergeable;
import io.flinkpeft.method.codec.PeftConfigCodec;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.TargetModules;
import io.flinkpeft.method.targets.TargetModulesJson;
import io.flinkpeft.safetensors.TensorView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of (IA)³ in {@code adapter_config.json}. */
public final class Ia3Json implements PeftConfigCodec, Mergeable {

    private static final String FEED_FORWARD = "feedforward_modules";

    @Override
    public String peftType() {
        return Ia3Config.PEFT_TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of(
                "target_modules",
                "exclude_modules",
                "fan_in_fan_out",
                FEED_FORWARD,
                "init_ia3_weights",
                "modules_to_save");
    }

    @Override
    public PeftConfig read(JsonValues values) {
        TargetModules targets = TargetModulesJson.read(values);
        return new Ia3Config(
                new TargetModules(
                        targets.names(),
                        targets.excluded(),
                        List.of(),
                        List.of(),
                        targets.fanInFanOut()),
                feedForward(values),
                values.isNull("init_ia3_weights") || values.flag("init_ia3_weights"),
                values.texts("modules_to_save"),
                TaskType.UNSPECIFIED);
    }

    private static ModuleNames feedForward(JsonValues values) {
        if (values.isNull(FEED_FORWARD)) {
            return new ModuleNames.ArchitectureDefault();
        }
        return values.value(FEED_FORWARD).isTextual()
                ? new ModuleNames.Matching(values.value(FEED_FORWARD).asText())
                : new ModuleNames.Listed(values.texts(FEED_FORWARD));
    }

    @Override
    public Set<String> parameters() {
        return Ia3Files.PARAMETERS;
    }

    @Override
    public List<WeightChange> takeChanges(PeftConfig config, Map<String, TensorView> tensors) {
        return Ia3Files.take(tensors);
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        Ia3Config ia3 = (Ia3Config) config;
        var targets = new HashMap<String, Object>();
        TargetModulesJson.write(ia3.targets(), targets);
        json.put("target_modules", targets.get("target_modules"));
        json.put("exclude_modules", targets.get("exclude_modules"));
        json.put(FEED_FORWARD, feedForward(ia3.feedForward()));
        json.put("fan_in_fan_out", targets.get("fan_in_fan_out"));
        json.put("init_ia3_weights", ia3.ones());
        json.put("modules_to_save", TargetModulesJson.orNull(ia3.modulesToSave()));
    }

    private static Object feedForward(ModuleNames names) {
        if (names instanceof ModuleNames.Listed listed) {
            // an empty list says none, null says the default
            return listed.names();
        }
        return names instanceof ModuleNames.Matching matching ? matching.pattern() : null;
    }
}
