package io.flinkpeft.method.ia3;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.method.targets.PeftDefaults;
import io.flinkpeft.method.targets.SavedModules;
import io.flinkpeft.method.targets.TargetMatcher;
import io.flinkpeft.method.targets.TargetModules;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * (IA)³ on the linear layers of a base: a vector of every target, in the order of the sites. Slots:
 * the place of the factor of each site's output, then of its input.
 */
final class Ia3Attachment {

    private Ia3Attachment() {}

    static AttachedMethod of(Ia3Config config, List<TargetLayer> sites, AttachedModel model) {
        Ia3Config forTask = config.withTaskType(model.task());
        List<String> linear = sites.stream().map(model.names()::of).toList();
        List<String> targets =
                new TargetMatcher(model.modelType(), linear, model.others())
                        .match(forTask, config.targets());
        ModuleNames feedForward = feedForward(config, model);
        long[] slots = new long[2 * sites.size()];
        Arrays.fill(slots, -1);
        var tensors = new TensorLayout.Builder();
        int place = 0;
        for (int i = 0; i < sites.size(); i++) {
            TargetLayer site = sites.get(i);
            String module = model.names().of(site);
            if (targets.contains(module)) {
                if (isFeedForward(feedForward, module)) {
                    slots[sites.size() + i] = place++;
                    tensors.add(site.module() + Ia3Files.L, 1, site.in());
                } else {
                    slots[i] = place++;
                    tensors.add(site.module() + Ia3Files.L, site.out(), 1);
                }
            }
        }
        long[] replaced = SavedModules.of(forTask, model).addTo(tensors, place);
        List<TargetLayer> adapted =
                sites.stream().filter(s -> targets.contains(model.names().of(s))).toList();
        List<String> inputs = targets.stream().filter(m -> isFeedForward(feedForward, m)).toList();
        return AttachedMethod.builder(
                        forTask.withTargets(
                                TargetModules.of(model.names(), adapted),
                                new ModuleNames.Listed(inputs)),
                        Map.of(Hook.LINEAR, "ia3"),
                        tensors.build(),
                        sites.size())
                .slots(slots)
                .replaced(replaced)
                .rules(
                        (method, base, seed, row) ->
                                initialize(config.ones(), method, base, seed, row))
                .build();
    }

    private static ModuleNames feedForward(Ia3Config config, AttachedModel model) {
        return config.feedForward() instanceof ModuleNames.ArchitectureDefault
                ? new ModuleNames.Listed(PeftDefaults.feedForward(model.modelType()))
                : config.feedForward();
    }

    /** PEFT's own rule: any end of the name counts, not only one from a dot on. */
    private static boolean isFeedForward(ModuleNames names, String module) {
        return names instanceof ModuleNames.Listed listed
                ? listed.names().stream().anyMatch(module::endsWith)
                : names.contains(module);
    }

    /** Factors of one, or normal ones; the rest is the base's. */
    private static void initialize(
            boolean ones, AttachedMethod method, BaseTensors base, long seed, float[] row) {
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            if (slot.name().endsWith(Ia3Files.L)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = ones ? 1 : Seeds.gaussian(stream, i);
                }
            } else {
                float[] values = base.values(slot.name());
                System.arraycopy(values, 0, row, slot.offset(), values.length);
            }
        }
    }
}
