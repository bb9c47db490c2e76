package io.flinkpeft.method;

import java.util.List;

/**
 * No method: the base stays as it is and the head alone is trained, also called linear probing.
 *
 * <p>Use it as the baseline of a method, or where a base already parts the classes well: a step
 * costs one forward pass. PEFT has no such adapter; its files are ours alone.
 *
 * @param taskType what the head is for
 */
public record HeadOnly(TaskType taskType) implements PeftConfig {

    private static final String PEFT_TYPE = "HEAD_ONLY";

    /** For any task. */
    public HeadOnly() {
        this(TaskType.UNSPECIFIED);
    }

    @Override
    public HeadOnly withTaskType(TaskType taskType) {
        return new HeadOnly(taskType);
    }

    @Override
    public List<String> modulesToSave() {
        return taskType.allHeads();
    }

    @Override
    public String peftType() {
        return PEFT_TYPE;
    }

    @Override
    public String fingerprint() {
        return PEFT_TYPE;
    }

    @Override
    public AttachedMethod attach(List<TargetLayer> sites, AttachedModel model) {
        return AttachedMethod.none(this, sites.size());
    }
}
