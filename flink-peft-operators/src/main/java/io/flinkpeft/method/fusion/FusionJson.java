package io.flinkpeft.method.fusion;

import io.flinkpeft.method.FullNames;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.bottleneck.FrozenAdapter;
import io.flinkpeft.method.bottleneck.FrozenAdapters;
import io.flinkpeft.method.codec.FileTensors;
import io.flinkpeft.method.codec.JsonValues;
import io.flinkpeft.method.codec.PeftConfigCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of AdapterFusion, with AdapterHub's keys. PEFT has no such type; the file is ours.
 * {@code adapters} lists the frozen adapters: directories, or what {@link FrozenAdapter} says.
 */
public final class FusionJson implements PeftConfigCodec {

    private static final String ADAPTERS = "adapters";

    @Override
    public String peftType() {
        return FusionConfig.PEFT_TYPE;
    }

    @Override
    public Set<String> keys() {
        var keys = new TreeSet<>(FusionKeys.all());
        keys.add(ADAPTERS);
        return keys;
    }

    @Override
    public PeftConfig read(JsonValues values) {
        return FusionKeys.read(values, FrozenAdapters.read(values, ADAPTERS));
    }

    /** The names of AdapterHub, which have no prefix of a library. */
    @Override
    public FileTensors tensors(PeftConfig config) {
        return new FileTensors() {
            @Override
            public String fileName(String tensor, FullNames names) {
                return tensor.equals(FusionConfig.TEMPERATURE) ? tensor : names.of(tensor);
            }

            @Override
            public String headPrefix() {
                return "";
            }

            @Override
            public boolean prefixOptional(String fileTensor) {
                return fileTensor.contains(".adapter_fusion_layer.");
            }
        };
    }

    @Override
    public void write(PeftConfig config, Map<String, Object> json) {
        FusionConfig fusion = (FusionConfig) config;
        FusionKeys.write(fusion, json);
        json.put(ADAPTERS, fusion.adapters().stream().map(FrozenAdapter::json).toList());
    }

    @Override
    public List<String> files() {
        return List.of(ADAPTERS);
    }
}
