package io.flinkpeft.method.selective;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.codec.JsonValues;
import java.util.Map;
import java.util.Set;

/** Full fine-tuning has no settings. PEFT has no such type; the file is ours. */
public final class FullJson implements SelectiveCodec {

    @Override
    public String peftType() {
        return "FULL";
    }

    @Override
    public Set<String> keys() {
        return Set.of();
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return new FullConfig();
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        // nothing of its own
    }
}
