package io.flinkpeft.method.fusion;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Seeds;

/**
 * What AdapterFusion starts from.
 *
 * @param valueInitialized whether the values' weight is nearly the identity
 */
record FusionStart(boolean valueInitialized) implements RowRules {

    /** The temperature at the first step. */
    private static final float FIRST_TEMPERATURE = 50;

    /** Besides the diagonal of ones. */
    private static final float NEARLY_ZERO = 1e-6f;

    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            if (slot.name().equals(FusionConfig.TEMPERATURE)) {
                row[slot.offset()] = FIRST_TEMPERATURE;
            } else if (slot.name().endsWith(".value.weight") && valueInitialized) {
                initializeValue(slot, row);
            } else if (slot.columns() > 0) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = 0.02f * Seeds.gaussian(stream, i);
                }
            }
        }
    }

    private static void initializeValue(TensorLayout.Slot slot, float[] row) {
        for (int i = 0; i < slot.size(); i++) {
            boolean diagonal = i / slot.columns() == i % slot.columns();
            row[slot.offset() + i] = diagonal ? 1 : NEARLY_ZERO;
        }
    }
}
