package io.flinkpeft.method.selective;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.targets.TargetModulesJson;
import java.util.Map;
import java.util.Set;

/** Freeze's settings, with the keys of LLaMA-Factory. PEFT has no such type; the file is ours. */
public final class FreezeJson implements SelectiveCodec {

    private static final String LAYERS = "freeze_trainable_layers";
    private static final String MODULES = "freeze_trainable_modules";
    private static final String EXTRA = "freeze_extra_modules";

    @Override
    public String peftType() {
        return "FREEZE";
    }

    @Override
    public Set<String> keys() {
        return Set.of(LAYERS, MODULES, EXTRA);
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return new FreezeConfig(
                values.integer(LAYERS, 2),
                values.texts(MODULES),
                values.texts(EXTRA),
                TaskType.UNSPECIFIED);
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        FreezeConfig freeze = (FreezeConfig) config;
        json.put(LAYERS, freeze.layers());
        json.put(MODULES, TargetModulesJson.orNull(freeze.modules()));
        json.put(EXTRA, TargetModulesJson.orNull(freeze.extraModules()));
    }
}
