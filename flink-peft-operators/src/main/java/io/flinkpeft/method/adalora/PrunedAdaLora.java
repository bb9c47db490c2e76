package io.flinkpeft.method.adalora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.Serving;
import io.flinkpeft.method.targets.ModuleNames;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What of an AdaLoRA predicts: the triplets that are not pruned, as PEFT saves them. */
final class PrunedAdaLora {

    private final float[] row;
    private final Map<String, List<Boolean>> kept = new HashMap<>();

    private PrunedAdaLora(AttachedMethod attachment, float[] row) {
        this.row = row;
        int importances = attachment.tensors().size() / 2;
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(AdaLoraFiles.E)) {
                List<Boolean> triplets = new ArrayList<>();
                for (int i = 0; i < slot.size(); i++) {
                    triplets.add(row[importances + slot.offset() + i] == 0);
                }
                kept.put(layer(slot), triplets);
            }
        }
    }

    /** The serving form of a row in training. */
    static Serving of(AttachedMethod attachment, float[] row) {
        AdaLoraConfig exported = (AdaLoraConfig) attachment.config();
        var pruned = new PrunedAdaLora(attachment, row);
        List<TensorView> tensors = new ArrayList<>();
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (AdaLoraFiles.TENSORS.saved(slot.name())) {
                tensors.add(pruned.tensor(slot));
            }
        }
        return new Serving(exported.withRankPattern(pruned.pattern(exported)), tensors);
    }

    /** The triplets of the configuration's own that are left, or nothing if none is pruned. */
    private Map<String, List<Boolean>> pattern(AdaLoraConfig exported) {
        boolean whole = kept.values().stream().allMatch(k -> k.stream().allMatch(each -> each));
        if (whole) {
            return exported.rankPattern();
        }
        Map<String, List<Boolean>> pattern = new HashMap<>();
        kept.forEach(
                (layer, triplets) -> {
                    String module = module(layer, exported);
                    pattern.put(module, within(exported.rankPattern().get(module), triplets));
                });
        return pattern;
    }

    /** The name of a layer in the model with its head. */
    private static String module(String layer, AdaLoraConfig exported) {
        return exported.targets().names() instanceof ModuleNames.Listed listed
                ? listed.names().stream().filter(n -> n.endsWith(layer)).findFirst().orElse(layer)
                : layer;
    }

    /** Of triplets that were left before, those that are left now. */
    private static List<Boolean> within(List<Boolean> before, List<Boolean> now) {
        if (before == null) {
            return now;
        }
        List<Boolean> both = new ArrayList<>();
        int next = 0;
        for (boolean was : before) {
            both.add(was && now.get(next++));
        }
        return both;
    }

    private TensorView tensor(TensorLayout.Slot slot) {
        List<Boolean> triplets = kept.get(layer(slot));
        int left = (int) triplets.stream().filter(k -> k).count();
        boolean columns = slot.name().endsWith(AdaLoraFiles.B);
        int rows = slot.shape().get(0);
        int width = slot.shape().get(1);
        float[] values = new float[columns ? rows * left : left * width];
        int next = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < width; j++) {
                if (triplets.get(columns ? j : i)) {
                    values[next++] = row[slot.offset() + i * width + j];
                }
            }
        }
        return columns
                ? TensorView.of(slot.name(), values, rows, left)
                : TensorView.of(slot.name(), values, left, width);
    }

    private static String layer(TensorLayout.Slot slot) {
        return slot.name().substring(0, slot.name().lastIndexOf('.'));
    }
}
