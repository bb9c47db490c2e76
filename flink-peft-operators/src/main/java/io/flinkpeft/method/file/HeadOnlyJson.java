package io.flinkpeft.method.file;

import io.flinkpeft.method.HeadOnly;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PeftConfigCodec;
import java.util.Map;
import java.util.Set;

/** The settings of a head alone: there are none. */
public final class HeadOnlyJson implements PeftConfigCodec {

    @Override
    public String peftType() {
        return new HeadOnly().peftType();
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
