package io.flinkpeft.method;

import java.util.Map;
import java.util.Set;

/** The settings of a head alone: there are none. */
public final class HeadOnlyJson implements PeftConfigCodec {

    @Override
    public String peftType() {
        return HeadOnly.PEFT_TYPE;
    }

    @Override
    public Set<String> keys() {
        return Set.of();
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return new HeadOnly();
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        // nothing of its own
    }
}
