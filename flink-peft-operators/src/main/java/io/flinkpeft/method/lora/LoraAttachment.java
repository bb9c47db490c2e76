package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.Initialisation;
import io.flinkpeft.method.LoraConfig;
import io.flinkpeft.method.LoraTarget;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
import io.flinkpeft.method.TargetMatcher;
import java.util.Arrays;
import java.util.List;

/** LoRA on the linear layers of a base: A of every target in order, then B of every target. */
public final class LoraAttachment {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    private LoraAttachment() {}

    /** Attaches a configuration to a base's sites. */
    public static Attachment of(
            LoraConfig config, List<Site> sites, String prefix, String modelType) {
        List<String> modules = sites.stream().map(site -> prefix + site.module()).toList();
        var targets = new TargetMatcher(modelType, modules, List.of()).match(config);
        long[] slots = new long[sites.size()];
        double[] scales = new double[sites.size()];
        Arrays.fill(slots, -1);
        var matrices = new TensorLayout.Builder();
        for (int t = 0; t < targets.size(); t++) {
            LoraTarget target = targets.get(t);
            int i = modules.indexOf(target.module());
            slots[i] = t;
            scales[i] = target.scaling();
            matrices.add(sites.get(i).module() + A, target.rank(), sites.get(i).in());
        }
        int sizeOfA = matrices.build().size();
        for (LoraTarget target : targets) {
            Site site = sites.get(modules.indexOf(target.module()));
            matrices.add(site.module() + B, site.out(), target.rank());
        }
        TensorLayout tensors = matrices.build();
        var groups =
                List.of(
                        new Attachment.Group(sizeOfA, 1),
                        new Attachment.Group(tensors.size() - sizeOfA, 1));
        return new Attachment("lora", tensors, slots, scales, groups);
    }

    /** Fills A from counters; B stays zero, so that a fresh adapter changes nothing. */
    public static void initialise(
            Attachment attachment, Initialisation initialisation, long seed, float[] row) {
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(A)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] =
                            switch (initialisation) {
                                case KAIMING_UNIFORM -> kaiming(slot, stream, i);
                                case GAUSSIAN -> gaussian(slot, stream, i);
                            };
                }
            }
        }
    }

    /** Uniform in {@code (-1/sqrt(in), 1/sqrt(in))}: Kaiming's with a slope of sqrt(5). */
    private static float kaiming(TensorLayout.Slot slot, long stream, int index) {
        float bound = (float) (1 / Math.sqrt(slot.columns()));
        return (2 * Seeds.uniform(stream, index) - 1) * bound;
    }

    /** Normal with a standard deviation of {@code 1/r}, by the method of Box and Muller. */
    private static float gaussian(TensorLayout.Slot slot, long stream, int index) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - Seeds.uniform(stream, 2L * index)));
        double angle = 2 * Math.PI * Seeds.uniform(stream, 2L * index + 1);
        int rank = slot.shape().get(0);
        return (float) (radius * StrictMath.cos(angle) / rank);
    }
}
