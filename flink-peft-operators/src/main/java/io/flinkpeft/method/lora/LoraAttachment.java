package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.Initialisation;
import io.flinkpeft.method.LoraConfig;
import io.flinkpeft.method.LoraTarget;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TargetMatcher;
import io.flinkpeft.method.TargetModules;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** LoRA on the linear layers of a base: A of every target in order, then B of every target. */
public final class LoraAttachment {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private LoraAttachment() {}

    /** Attaches a configuration to a base's sites. */
    public static Attachment of(LoraConfig config, List<Site> sites, AttachedModel model) {
        LoraConfig forTask = config.withTaskType(model.task());
        Map<String, LoraTarget> targets = targets(forTask, sites, model);
        long[] slots = new long[2 * sites.size()];
        double[] scales = new double[sites.size()];
        Arrays.fill(slots, -1);
        var matrices = new TensorLayout.Builder();
        int place = 0;
        for (int i = 0; i < scales.length; i++) {
            Site site = sites.get(i);
            LoraTarget target = targets.get(site.module());
            if (target != null) {
                slots[i] = place++;
                scales[i] = target.scaling();
                matrices.add(site.module() + A, target.rank(), site.in());
            }
        }
        int sizeOfA = matrices.build().size();
        for (int i = 0; i < scales.length; i++) {
            Site site = sites.get(i);
            LoraTarget target = targets.get(site.module());
            if (target != null) {
                slots[sites.size() + i] = place++;
                matrices.add(site.module() + B, site.out(), target.rank());
            }
        }
        TensorLayout tensors = matrices.build();
        var groups =
                List.of(
                        new Attachment.Group(sizeOfA),
                        new Attachment.Group(tensors.size() - sizeOfA));
        String[] names = targets.values().stream().map(LoraTarget::module).toArray(String[]::new);
        LoraConfig exported = forTask.withTargets(TargetModules.named(names));
        Map<Hook, String> kernels = Map.of(Hook.LINEAR, "lora");
        return new Attachment(exported, kernels, tensors, slots, scales, config.dropout(), groups);
    }

    /** The targets by the names that sites have. */
    private static Map<String, LoraTarget> targets(
            LoraConfig config, List<Site> sites, AttachedModel model) {
        List<String> linear = sites.stream().map(s -> model.prefix() + s.module()).toList();
        var matcher = new TargetMatcher(model.modelType(), linear, model.others());
        Map<String, LoraTarget> targets = new LinkedHashMap<>();
        for (LoraTarget target : matcher.match(config)) {
            targets.put(target.module().substring(model.prefix().length()), target);
        }
        return targets;
    }

    /** A as configured; B zero, so that a fresh adapter changes nothing. */
    public static void initialise(
            Initialisation initialisation, Attachment attachment, long seed, float[] row) {
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(A)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = initial(initialisation, slot, stream, i);
                }
            }
        }
    }

    private static float initial(
            Initialisation initialisation, TensorLayout.Slot slot, long stream, int index) {
        return switch (initialisation) {
            // Kaiming's uniform with a slope of sqrt(5)
            case KAIMING_UNIFORM ->
                    (2 * Seeds.uniform(stream, index) - 1) / (float) Math.sqrt(slot.columns());
            case GAUSSIAN -> Seeds.gaussian(stream, index) / slot.shape().get(0);
        };
    }
}
