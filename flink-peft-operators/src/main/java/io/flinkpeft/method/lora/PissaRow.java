package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.Serving;
import io.flinkpeft.safetensors.TensorView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * PiSSA's row: LoRA's A and B, then A0 and B0, from which they started and which do not train.
 *
 * <pre>{@code
 * B0 = U sqrt(S / s), A0 = sqrt(S / s) V^T      of the r largest singular values of W = U S V^T
 * }</pre>
 */
final class PissaRow {

    static final String A0 = ".pissa_A0";
    static final String B0 = ".pissa_B0";

    private PissaRow() {}

    /** Whether a tensor is one of those that do not train. */
    static boolean isStart(String tensor) {
        return tensor.endsWith(A0) || tensor.endsWith(B0);
    }

    /** Writes A0 and B0. */
    static void start(AttachedMethod attachment, BaseTensors base, float[] row) {
        Map<String, TensorLayout.Slot> slots = byName(attachment);
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(A0)) {
                String module = slot.name().replace(A0, "");
                int rank = slot.shape().get(0);
                TensorLayout.Slot b = slots.get(module + B0);
                float[][] factors = base.singularFactors(module, b.shape().get(0), rank);
                double share = 1 / Math.sqrt(scale(attachment, slot));
                write(factors[0], share, b, row);
                write(factors[1], share, slot, row);
            }
        }
    }

    /** Writes A and B as A0 and B0 are. */
    static void copyStart(AttachedMethod attachment, float[] row) {
        Map<String, TensorLayout.Slot> slots = byName(attachment);
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (isStart(slot.name())) {
                String own = slot.name().replace(A0, LoraFiles.A).replace(B0, LoraFiles.B);
                System.arraycopy(row, slot.offset(), row, slots.get(own).offset(), slot.size());
            }
        }
    }

    private static double scale(AttachedMethod attachment, TensorLayout.Slot slot) {
        int place = attachment.tensors().slots().indexOf(slot);
        int sites = attachment.scales().length;
        for (int i = 0; i < sites; i++) {
            if (attachment.slots()[2 * sites + i] == place) {
                return attachment.scales()[i];
            }
        }
        throw new IllegalStateException("no site has " + slot.name());
    }

    private static void write(float[] values, double share, TensorLayout.Slot slot, float[] row) {
        for (int i = 0; i < values.length; i++) {
            row[slot.offset() + i] = (float) (values[i] * share);
        }
    }

    private static Map<String, TensorLayout.Slot> byName(AttachedMethod attachment) {
        Map<String, TensorLayout.Slot> slots = new LinkedHashMap<>();
        attachment.tensors().slots().forEach(slot -> slots.put(slot.name(), slot));
        return slots;
    }

    /**
     * An ordinary LoRA of twice the rank on the whole base, as PEFT converts it: A over A0, and B
     * beside -B0.
     */
    static Serving converted(AttachedMethod attachment, float[] row) {
        LoraConfig config = (LoraConfig) attachment.config();
        Map<String, TensorLayout.Slot> slots = byName(attachment);
        List<TensorView> tensors = new ArrayList<>();
        for (TensorLayout.Slot slot : attachment.tensors().slots()) {
            if (slot.name().endsWith(LoraFiles.A)) {
                var start = slots.get(slot.name().replace(LoraFiles.A, A0));
                tensors.add(below(slot, start, row));
            } else if (slot.name().endsWith(LoraFiles.B)) {
                var start = slots.get(slot.name().replace(LoraFiles.B, B0));
                tensors.add(beside(slot, start, row));
            } else if (!isStart(slot.name())) {
                tensors.add(
                        TensorView.of(
                                slot.name(),
                                Serving.values(slot, row),
                                slot.shape().stream().mapToLong(Integer::longValue).toArray()));
            }
        }
        return new Serving(twice(config), tensors);
    }

    private static TensorView below(TensorLayout.Slot a, TensorLayout.Slot start, float[] row) {
        float[] values = new float[2 * a.size()];
        System.arraycopy(row, a.offset(), values, 0, a.size());
        System.arraycopy(row, start.offset(), values, a.size(), a.size());
        return TensorView.of(a.name(), values, 2L * a.shape().get(0), a.columns());
    }

    private static TensorView beside(TensorLayout.Slot b, TensorLayout.Slot start, float[] row) {
        int rank = b.columns();
        float[] values = new float[2 * b.size()];
        for (int i = 0; i < b.size(); i++) {
            int at = 2 * rank * (i / rank) + i % rank;
            values[at] = row[b.offset() + i];
            values[at + rank] = -row[start.offset() + i];
        }
        return TensorView.of(b.name(), values, b.shape().get(0), 2L * rank);
    }

    /** Twice every rank under the same scales. */
    private static LoraConfig twice(LoraConfig config) {
        double more = config.ranks().rsLora() ? Math.sqrt(2) : 2;
        Map<String, Integer> ranks = new LinkedHashMap<>();
        config.ranks().rankPattern().forEach((layer, rank) -> ranks.put(layer, 2 * rank));
        Map<String, Double> alphas = new LinkedHashMap<>();
        config.ranks().alphaPattern().forEach((layer, alpha) -> alphas.put(layer, alpha * more));
        return config.withRank(2 * config.rank())
                .withAlpha(config.alpha() * more)
                .withPatterns(ranks, alphas)
                .withInitialization(Initialization.KAIMING_UNIFORM);
    }
}
