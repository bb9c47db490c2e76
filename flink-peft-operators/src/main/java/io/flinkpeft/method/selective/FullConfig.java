package io.flinkpeft.method.selective;

import io.flinkpeft.method.BaseTensor;
import io.flinkpeft.method.TaskType;
import java.util.List;

/**
 * Full fine-tuning: trains every tensor of the base, and the head. The baseline of all methods.
 *
 * <p>An adapter is a copy of the whole model, its state three. A step runs one adapter at a time.
 * Use a rate of 1e-5 to 5e-5. Use it to learn what a smaller method gives away, or for a single
 * adapter of a small model.
 *
 * @param taskType what the adapter is for; default {@link TaskType#UNSPECIFIED}
 */
public record FullConfig(TaskType taskType) implements SelectiveConfig {

    /** For any task. */
    public FullConfig() {
        this(TaskType.UNSPECIFIED);
    }

    @Override
    public String peftType() {
        return "FULL";
    }

    @Override
    public FullConfig withTaskType(TaskType taskType) {
        return new FullConfig(taskType);
    }

    @Override
    public String fingerprint() {
        return peftType();
    }

    @Override
    public List<BaseTensor> selected(List<BaseTensor> tensors) {
        return tensors;
    }
}
