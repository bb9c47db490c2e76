package io.flinkpeft.method.lora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Serving;

/**
 * What LoRA does with a row.
 *
 * @param initialization how A starts
 */
record LoraRules(Initialization initialization) implements RowRules {

    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        initialize(method, seed, row);
        initializeFromBase(method, base, row);
    }

    @Override
    public void complete(AttachedMethod method, BaseTensors base, float[] row) {
        PissaRow.start(method, base, row);
    }

    @Override
    public Serving serving(AttachedMethod method, float[] row) {
        return initialization == Initialization.PISSA
                ? PissaRow.converted(method, row)
                : Serving.all(method, row);
    }

    /**
     * A as configured, B zero, so that a fresh adapter changes nothing; of an embedding A is zero
     * and B is normal.
     */
    private void initialize(AttachedMethod method, long seed, float[] row) {
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            if (slot.name().endsWith(LoraFiles.A)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = initial(slot, stream, i);
                }
            }
            if (slot.name().endsWith(LoraFiles.EMBEDDING_B)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = Seeds.gaussian(stream, i);
                }
            }
        }
    }

    /**
     * Magnitudes are the norms of the frozen weight's rows, as B is zero; the rest is the base's.
     */
    private static void initializeFromBase(AttachedMethod method, BaseTensors base, float[] row) {
        PissaRow.start(method, base, row);
        PissaRow.copyStart(method, row);
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            String name = slot.name();
            if (name.endsWith(LoraFiles.MAGNITUDE)) {
                rowNorms(base.weight(name.replace(LoraFiles.MAGNITUDE, "")), slot, row);
            } else if (!name.contains(LoraFiles.OWN) && !PissaRow.isStart(name)) {
                float[] values = base.values(name.replace(LoraFiles.BASE_LAYER, ""));
                System.arraycopy(values, 0, row, slot.offset(), values.length);
            }
        }
    }

    private static void rowNorms(float[] weight, TensorLayout.Slot slot, float[] row) {
        int in = weight.length / slot.size();
        for (int i = 0; i < slot.size(); i++) {
            double sum = 0;
            for (int j = i * in; j < (i + 1) * in; j++) {
                sum += (double) weight[j] * weight[j];
            }
            row[slot.offset() + i] = (float) Math.sqrt(sum);
        }
    }

    private float initial(TensorLayout.Slot slot, long stream, int index) {
        return switch (initialization) {
            // Kaiming's uniform with a slope of sqrt(5)
            case KAIMING_UNIFORM ->
                    (2 * Seeds.uniform(stream, index) - 1) / (float) Math.sqrt(slot.columns());
            case GAUSSIAN -> Seeds.gaussian(stream, index) / slot.shape().get(0);
            case PISSA -> 0; // the base decides
        };
    }
}
