package io.flinkpeft.method.selective;

import io.flinkpeft.adapter.TensorLayout;
import io.flinkpeft.method.AttachedMethod;
import io.flinkpeft.method.AttachedModel;
import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.BaseTensors;
import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.method.TargetLayer;
import io.flinkpeft.method.TaskType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A method that trains tensors of the base. Its files hold them by the names of the model. */
interface SelectiveConfig extends PeftConfig {

    /**
     * Which tensors train.
     *
     * @throws IllegalArgumentException if a setting means none
     */
    List<BaseTensor> selected(List<BaseTensor> tensors);

    @Override
    default List<String> modulesToSave() {
        return taskType().allHeads();
    }

    @Override
    default AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        // what the model without its head does not run has no gradient
        List<BaseTensor> run =
                model.tensors().stream()
                        .filter(t -> !t.name().isEmpty())
                        .filter(t -> model.task() != TaskType.FEATURE_EXTRACTION || !pooler(t))
                        .toList();
        List<BaseTensor> selected = selected(run);
        var layout = new TensorLayout.Builder();
        long[] replaced = new long[model.tensors().size()];
        Arrays.fill(replaced, -1);
        for (int place = 0; place < selected.size(); place++) {
            BaseTensor tensor = selected.get(place);
            layout.add(tensor.name(), tensor.shape().toArray(Integer[]::new));
            replaced[model.tensors().indexOf(tensor)] = place;
        }
        return AttachedMethod.builder(
                        withTaskType(model.task()), Map.of(), layout.build(), sites.size())
                .replaced(replaced)
                .rules(SelectiveConfig::initialize)
                .build();
    }

    private static boolean pooler(BaseTensor tensor) {
        return tensor.name().startsWith("pooler.");
    }

    /** The base's values. */
    private static void initialize(
            AttachedMethod method, BaseTensors base, long seed, float[] row) {
        for (TensorLayout.Slot slot : method.tensors().slots()) {
            float[] values = base.values(slot.name());
            System.arraycopy(values, 0, row, slot.offset(), values.length);
        }
    }
}
