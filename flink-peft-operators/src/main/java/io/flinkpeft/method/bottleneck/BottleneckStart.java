package io.flinkpeft.method.bottleneck;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Seeds;

/**
 * What bottleneck adapters start from.
 *
 * @param placement where they stand
 */
record BottleneckStart(Placement placement) implements RowRules {

    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            if (slot.columns() > 0) {
                initialize(slot, Seeds.derive(seed, slot.name()), row);
            }
        }
    }

    /** Normal with 0.02; in PARALLEL Kaiming's uniform down, zero up. */
    private void initialize(TensorLayout.Slot slot, long stream, float[] row) {
        boolean normal =
                placement != Placement.PARALLEL || slot.name().contains("invertible_adapters.");
        boolean up = slot.name().endsWith("adapter_up.weight");
        for (int i = 0; i < slot.size(); i++) {
            row[slot.offset() + i] =
                    normal
                            ? 0.02f * Seeds.gaussian(stream, i)
                            : up
                                    ? 0
                                    : (2 * Seeds.uniform(stream, i) - 1)
                                            / (float) Math.sqrt(slot.columns());
        }
    }
}
