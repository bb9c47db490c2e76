package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.targets.SavedModules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tensors of a LoRA's row as they are laid out: one kind after the other. */
final class LoraRow {

    /** The shape of a tensor at a target. */
    interface Shape {
        List<Integer> of(LoraTarget target, TargetLayer site);
    }

    private final LoraTargets targets;
    private final TensorLayout.Builder tensors = new TensorLayout.Builder();
    private final List<long[]> slots = new ArrayList<>();
    private final List<AttachedMethod.Group> groups = new ArrayList<>();
    private int place;
    private int grouped;

    LoraRow(LoraTargets targets) {
        this.targets = targets;
    }

    /** Adds a tensor of every target, under one name at layers and another at embeddings. */
    void add(String suffix, String embeddingSuffix, Shape shape) {
        long[] kind = new long[targets.sites().size()];
        Arrays.fill(kind, -1);
        for (int i = 0; i < kind.length; i++) {
            LoraTarget target = targets.at(i);
            String own = targets.isEmbedding(i) ? embeddingSuffix : suffix;
            if (target != null && !own.isEmpty()) {
                TargetLayer site = targets.sites().get(i);
                kind[i] = place++;
                tensors.add(site.module() + own, shape.of(target, site).toArray(Integer[]::new));
            }
        }
        slots.add(kind);
    }

    /**
     * Adds tensors of the base that train as well.
     *
     * @return for each tensor of the base the place of what stands for it, or -1; empty if none
     */
    long[] addBase(LoraBias which, SavedModules saved, AttachedModel model) {
        long[] replaced = new long[model.tensors().size()];
        Arrays.fill(replaced, -1);
        boolean any = which != LoraBias.NONE;
        for (int i = 0; i < replaced.length; i++) {
            BaseTensor tensor = model.tensors().get(i);
            String name = trained(tensor, which, saved);
            if (!name.isEmpty()) {
                tensors.add(name, tensor.shape().toArray(Integer[]::new));
                replaced[i] = place++;
                any = true;
            }
        }
        return any ? replaced : new long[0];
    }

    /** The name of what stands for a tensor of the base; empty if nothing does. */
    private String trained(BaseTensor tensor, LoraBias which, SavedModules saved) {
        if (saved.contains(tensor)) {
            return tensor.name();
        }
        if (which == LoraBias.NONE || !tensor.name().endsWith(".bias")) {
            return "";
        }
        String module = tensor.name().substring(0, tensor.name().lastIndexOf('.'));
        if (targets.targets().containsKey(module)) {
            return module + LoraFiles.BASE_LAYER + ".bias";
        }
        return which == LoraBias.ALL ? tensor.name() : "";
    }

    /** What was added since the last group has these factors of rate and decay. */
    void endGroup(double rateFactor, double decayFactor) {
        int size = tensors.build().size() - grouped;
        if (size > 0) {
            groups.add(new AttachedMethod.Group(size, rateFactor, decayFactor));
            grouped += size;
        }
    }

    TensorLayout tensors() {
        return tensors.build();
    }

    long[] slots() {
        return slots.stream().flatMapToLong(Arrays::stream).toArray();
    }

    List<AttachedMethod.Group> groups() {
        return List.copyOf(groups);
    }
}
