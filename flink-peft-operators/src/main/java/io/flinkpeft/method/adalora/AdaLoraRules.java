package io.flinkpeft.method.adalora;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.RowRules;
import io.flinkpeft.method.Seeds;
import io.flinkpeft.method.Serving;

/**
 * What AdaLoRA does with a row in training.
 *
 * @param config the settings, with the schedule of the budget
 */
record AdaLoraRules(AdaLoraConfig config) implements RowRules {

    /** A and B normal with a standard deviation of 0.02, E zero. */
    @Override
    public void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row) {
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            if (slot.name().endsWith(AdaLoraFiles.A) || slot.name().endsWith(AdaLoraFiles.B)) {
                long stream = Seeds.derive(seed, slot.name());
                for (int i = 0; i < slot.size(); i++) {
                    row[slot.offset() + i] = 0.02f * Seeds.gaussian(stream, i);
                }
            }
        }
    }

    @Override
    public Serving serving(AttachedMethod method, float[] row) {
        return PrunedAdaLora.of(method, row);
    }

    @Override
    public long[] plan(AttachedMethod method, long step) {
        long t = step - 1;
        BudgetSchedule schedule = config.schedule();
        int first = triplets(method);
        int last = config.targetRank() * targets(method);
        long prune = 0;
        if (schedule.prunes(t)) {
            // PEFT fails if there is nothing to prune; so nothing is pruned
            prune = schedule.keeps(t) ? -1 : Math.max(0, first - schedule.budget(t, first, last));
        }
        return new long[] {schedule.opens(t) ? 1 : 0, schedule.learns(t) ? 1 : 0, prune};
    }

    /** How many layers are adapted. */
    private static int targets(AttachedMethod method) {
        return (int) method.numbers()[3];
    }

    /** How many triplets they have together. */
    private static int triplets(AttachedMethod method) {
        return method.tensors().slots().stream()
                .filter(slot -> slot.name().endsWith(AdaLoraFiles.E))
                .mapToInt(TensorLayout.Slot::size)
                .sum();
    }
}
