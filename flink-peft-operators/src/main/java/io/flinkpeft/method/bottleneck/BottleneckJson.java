package io.flinkpeft.method.bottleneck;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PeftConfigCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of bottleneck adapters, with AdapterHub's keys. PEFT has no such type; the file is ours.
 * {@code beneath} lists the frozen adapters below: directories, or what {@link FrozenAdapter} says.
 */
public final class BottleneckJson implements PeftConfigCodec {

    private static final String BENEATH = "beneath";

    @Override
    public String peftType() {
        return BottleneckConfig.PEFT_TYPE;
    }

    @Override
    public Set<String> keys() {
        var keys = new TreeSet<>(BottleneckKeys.ALL);
        keys.add(BENEATH);
        return keys;
    }

    @Override
    public Set<String> unsupported() {
        return BottleneckKeys.UNSUPPORTED;
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return BottleneckKeys.read(values)
                .on(FrozenAdapters.read(values, BENEATH).toArray(FrozenAdapter[]::new));
    }

    /** The names of AdapterHub, which have no prefix of a library. */
    @Override
    public FileTensors tensors(PeftConfig config) {
        String own = "adapters." + ((BottleneckConfig) config).name() + ".";
        return new FileTensors() {
            @Override
            public String headPrefix() {
                return "";
            }

            @Override
            public boolean prefixOptional(String fileTensor) {
                return fileTensor.contains(own);
            }
        };
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        BottleneckConfig adapter = (BottleneckConfig) config;
        BottleneckKeys.write(adapter, json);
        json.put(BENEATH, adapter.beneath().stream().map(FrozenAdapter::json).toList());
    }

    @Override
    public List<String> files() {
        return List.of(BENEATH);
    }
}
