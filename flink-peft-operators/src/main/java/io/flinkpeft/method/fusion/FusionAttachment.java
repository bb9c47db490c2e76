package io.flinkpeft.method.fusion;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.bottleneck.FrozenStages;
import io.flinkpeft.method.bottleneck.Sublayers;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** How AdapterFusion is attached: its tensors, and where {@code kernels/fusion.py} finds them. */
final class FusionAttachment {

    private static final long NONE = -1;

    private final FusionConfig config;
    private final TensorLayout.Builder layout = new TensorLayout.Builder();
    private final long[] query;
    private final long[] key;
    private final long[] value;
    private final long[] temperature;
    private int place;

    private FusionAttachment(FusionConfig config, int sublayers) {
        this.config = config;
        this.query = none(sublayers);
        this.key = none(sublayers);
        this.value = none(sublayers);
        this.temperature = none(sublayers);
    }

    private static long[] none(int sublayers) {
        long[] places = new long[sublayers];
        Arrays.fill(places, NONE);
        return places;
    }

    static AttachedMethod of(FusionConfig config, List<TargetLayer> sites, AttachedModel model) {
        Sublayers sublayers = Sublayers.of(sites, model);
        var fusion = new FusionAttachment(config, sublayers.all().size());
        fusion.add(sublayers);
        FrozenStages stages = FrozenStages.of(config.adapters(), sublayers, model);
        return AttachedMethod.builder(
                        config.withTaskType(model.task()),
                        fusion.kernels(stages),
                        fusion.layout.build(),
                        sites.size())
                .slots(stages.slots(fusion.query, fusion.key, fusion.value, fusion.temperature))
                .numbers(stages.numbers(stages.coupling(), fusion.flags()))
                .dropout(config.dropout())
                .frozen(stages.tensors())
                .rules(new FusionStart(config.has(FusionOption.VALUE_INITIALIZED)))
                .build();
    }

    private void add(Sublayers sublayers) {
        if (config.has(FusionOption.TEMPERATURE)) {
            layout.add(FusionConfig.TEMPERATURE, 1);
            Arrays.fill(temperature, place++);
        }
        for (int i = 0; i < query.length; i++) {
            Sublayers.Sublayer sublayer = sublayers.all().get(i);
            long with = config.adapters().stream().filter(a -> a.config().stands(sublayer)).count();
            if (with == config.adapters().size()) {
                add(i, sublayer);
            } else if (with > 0) {
                throw new IllegalArgumentException(
                        "adapters ("
                                + config.name()
                                + ") must all have a bottleneck in layer "
                                + sublayer.layer()
                                + ", or none. Maybe one has another leave_out.");
            }
        }
    }

    private void add(int sublayer, Sublayers.Sublayer at) {
        String module = at.module() + ".adapter_fusion_layer." + config.name() + ".";
        int d = at.width();
        if (config.has(FusionOption.QUERY)) {
            query[sublayer] = place;
            layout.add(module + "query.weight", d, d).add(module + "query.bias", d);
            place += 2;
        }
        if (config.has(FusionOption.KEY)) {
            key[sublayer] = place;
            layout.add(module + "key.weight", d, d).add(module + "key.bias", d);
            place += 2;
        }
        if (config.has(FusionOption.VALUE)) {
            value[sublayer] = place;
            layout.add(module + "value.weight", d, d);
            place++;
        }
    }

    private Map<Hook, String> kernels(FrozenStages stages) {
        Map<Hook, String> kernels = new EnumMap<>(Map.of(Hook.SUBLAYER, "fusion"));
        if (config.has(FusionOption.VALUE) && config.has(FusionOption.REGULARIZATION)) {
            kernels.put(Hook.LOSS, "fusion_loss");
        }
        if (config.has(FusionOption.TEMPERATURE)) {
            kernels.put(Hook.UPDATE, "fusion_temperature");
        }
        if (stages.coupled()) {
            kernels.put(Hook.EMBEDDED, "coupling");
        }
        return kernels;
    }

    private DoubleStream flags() {
        return Stream.of(
                        FusionOption.QUERY_BEFORE_LN,
                        FusionOption.RESIDUAL_BEFORE,
                        FusionOption.VALUE_BEFORE_SOFTMAX)
                .mapToDouble(option -> config.has(option) ? 1 : 0);
    }
}
