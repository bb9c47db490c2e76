package io.flinkpeft.method.selective;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TaskType;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.targets.TargetModulesJson;
import java.util.Map;
import java.util.Set;

/** BitFit's settings. PEFT has no such type; the file is ours. */
public final class BitFitJson implements SelectiveCodec {

    private static final String MODULES = "target_modules";

    @Override
    public String peftType() {
        return "BITFIT";
    }

    @Override
    public Set<String> keys() {
        return Set.of(MODULES);
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return new BitFitConfig(values.texts(MODULES), TaskType.UNSPECIFIED);
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        json.put(MODULES, TargetModulesJson.orNull(((BitFitConfig) config).modules()));
    }
}
