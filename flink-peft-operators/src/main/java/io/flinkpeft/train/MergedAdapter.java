package io.flinkpeft.train;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.Hook;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.model.BaseModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An adapter as weights that stand for the base's: no work beside the base's own. The base stays as
 * it is, so that switching between adapters, or back to the base, leaves no trace.
 */
final class MergedAdapter {

    /** What a merge keeps: changes of linear layers, and what counts in training only. */
    private static final Set<Hook> KEPT = EnumSet.of(Hook.LINEAR, Hook.LOSS, Hook.UPDATE);

    private final AttachedMethod method;
    private final List<BaseTensor> tensors;
    private final List<TargetLayer> sites;
    private final long[] weights;
    private final long[] transposed;
    private final long[] replaced;
    private final TensorLayout.Builder layout = new TensorLayout.Builder();
    private final List<float[]> values = new ArrayList<>();

    private MergedAdapter(ServingRow adapter, Head head, BaseModel base) {
        this.method = adapter.rowLayout().attached();
        requireLinear(adapter);
        this.tensors = head.model(base).tensors();
        this.sites = head.sites(base);
        this.weights = new long[sites.size()];
        this.transposed = new long[sites.size()];
        this.replaced = new long[tensors.size()];
        Arrays.fill(replaced, -1);
        for (int i = 0; i < weights.length; i++) {
            TargetLayer site = sites.get(i);
            weights[i] = isAdapted(i) ? base.place(site) : -1;
            transposed[i] = site.fanInFanOut() ? 1 : 0;
        }
    }

    private void requireLinear(ServingRow adapter) {
        if (!KEPT.containsAll(method.kernels().keySet())) {
            throw new IllegalArgumentException(
                    "Adapter "
                            + adapter.adapterId()
                            + " of peft_type ("
                            + method.config().peftType()
                            + ") must change linear layers only to be merged.");
        }
    }

    private boolean isAdapted(int site) {
        int sites = method.scales().length;
        for (int at = site; at < method.slots().length; at += sites) {
            if (method.slots()[at] >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Merges.
     *
     * @param kernels of the adapter's program
     * @throws IllegalArgumentException if it changes more than linear layers
     */
    static ServingRow of(ServingRow adapter, Head head, BaseModel base, Kernels kernels) {
        return new MergedAdapter(adapter, head, base).merge(adapter, base, kernels);
    }

    private ServingRow merge(ServingRow adapter, BaseModel base, Kernels kernels) {
        RowLayout rowLayout = adapter.rowLayout();
        List<float[]> changed = kernels.merged(rowLayout, adapter.row(), weights, transposed);
        Iterator<float[]> next = changed.iterator();
        for (int site = 0; site < weights.length; site++) {
            if (weights[site] >= 0) {
                int place = (int) weights[site];
                replace(place, next.next(), shape(sites.get(site)));
                float[] bias = next.next();
                if (!tensors.get(place + 1).name().isEmpty() || !isZero(bias)) {
                    replace(place + 1, bias, List.of(bias.length));
                }
            }
        }
        float[] own = adapter.row().toFloatArray();
        addReplaced(own);
        RowLayout merged = RowLayout.of(attachment(), rowLayout.head(), rowLayout.capacity());
        float[] row = new float[merged.tensors().size()];
        for (int i = 0; i < values.size(); i++) {
            float[] value = values.get(i);
            System.arraycopy(value, 0, row, merged.tensors().slots().get(i).offset(), value.length);
        }
        int head = own.length - rowLayout.headOffset();
        System.arraycopy(own, rowLayout.headOffset(), row, merged.headOffset(), head);
        return adapter.with(merged, base.copy(row));
    }

    private static List<Integer> shape(TargetLayer site) {
        return site.fanInFanOut() ? List.of(site.in(), site.out()) : List.of(site.out(), site.in());
    }

    private void replace(int place, float[] value, List<Integer> shape) {
        replaced[place] = values.size();
        values.add(value);
        layout.add("base." + place, shape.toArray(Integer[]::new));
    }

    /** What the adapter replaces in the base besides linear layers, such as biases of norms. */
    private void addReplaced(float[] row) {
        long[] before = method.replaced();
        for (int place = 0; place < before.length; place++) {
            if (before[place] >= 0 && replaced[place] < 0) {
                TensorLayout.Slot slot = method.tensors().slots().get((int) before[place]);
                int end = slot.offset() + slot.size();
                replace(place, Arrays.copyOfRange(row, slot.offset(), end), slot.shape());
            }
        }
    }

    private static boolean isZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private AttachedMethod attachment() {
        return AttachedMethod.builder(method.config(), Map.of(), layout.build(), weights.length)
                .replaced(replaced)
                .build();
    }
}
