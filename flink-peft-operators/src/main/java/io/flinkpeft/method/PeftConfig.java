package io.flinkpeft.method;

import java.io.Serializable;
import java.util.List;

/** A tuning method and its settings. */
public interface PeftConfig extends Serializable {

    /** The name PEFT gives the method in {@code peft_type}, such as {@code LORA}. */
    String peftType();

    /** What the adapter is for. */
    TaskType taskType();

    /** The same for another task; heads that only this one saves are no longer saved. */
    PeftConfig withTaskType(TaskType taskType);

    /** Modules that are trained and saved whole, the heads of the task included. */
    List<String> modulesToSave();

    /** Settings of equal fingerprints give rows of the same meaning. */
    String fingerprint();

    /**
     * Attaches the method to a base model.
     *
     * @param sites the base's linear layers that can be adapted, in its kernel's order
     * @param model the base as PEFT sees it
     * @throws IllegalArgumentException if no site is a target
     */
    Attachment attach(List<Site> sites, AttachedModel model);

    /**
     * Writes the method's first values into a row.
     *
     * @param attachment what {@link #attach} gave
     * @param seed of this adapter
     * @param row starts with the attachment's tensors; all zero
     */
    void initialise(Attachment attachment, long seed, float[] row);
}
