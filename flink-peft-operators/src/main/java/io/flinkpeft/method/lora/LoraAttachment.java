package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.Attachment;
import io.flinkpeft.method.LoraConfig;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Site;
import java.util.ArrayList;
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
        long[] slots = new long[sites.size()];
        double[] scales = new double[sites.size()];
        Arrays.fill(slots, -1);
        var matrices = new TensorLayout.Builder();
        List<Site> targets = new ArrayList<>();
        for (int i = 0; i < slots.length; i++) {
            Site site = sites.get(i);
            slots[i] = targets.size();
            scales[i] = config.alpha() / config.rank();
            targets.add(site);
            matrices.add(site.module() + A, config.rank(), site.in());
        }
        int sizeOfA = matrices.build().size();
        for (Site target : targets) {
            matrices.add(target.module() + B, target.out(), config.rank());
        }
        TensorLayout tensors = matrices.build();
        var groups =
                List.of(
                        new Attachment.Group(sizeOfA, 1),
                        new Attachment.Group(tensors.size() - sizeOfA, 1));
        return new Attachment("lora", tensors, slots, scales, groups);
    }

    /**
     * A uniform in {@code (-1/sqrt(in), 1/sqrt(in))}, as Kaiming's with a slope of sqrt(5); B zero,
     * so that a fresh adapter changes nothing.
     */
    public static void initialise(Attachment attachment, long seed, float[] row) {
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(A)) {
                long stream = Seeds.derive(seed, slot.name());
                float bound = (float) (1 / Math.sqrt(slot.columns()));
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = (2 * Seeds.uniform(stream, i) - 1) * bound;
                }
            }
        }
    }
}
