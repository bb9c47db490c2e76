package io.flinkpeft.method;

import java.io.Serializable;
import java.util.List;
import java.util.Set;

/** The settings of a tuning method. */
public interface PeftConfig extends Serializable {

    /** The name PEFT gives the method in {@code peft_type}, such as {@code LORA}. */
    String peftType();

    /** What the adapter is for. */
    TaskType taskType();

    /** The same for another task; heads that only this one saves are no longer saved. */
    PeftConfig withTaskType(TaskType taskType);

    /** Modules that are trained and saved whole, the heads of the task included. */
    List<String> modulesToSave();

    /**
     * The same with these heads among what its files say is saved whole; a method whose files do
     * not say it stays as it is.
     */
    default PeftConfig saving(Set<String> heads) {
        return this;
    }

    /** Settings of equal fingerprints give rows of the same meaning. */
    String fingerprint();

    /**
     * Attaches the method to a base model.
     *
     * @param sites the base's linear layers that can be adapted, in its kernel's order
     * @param model the base as PEFT sees it
     * @throws IllegalArgumentException if no site is a target, or the method is not for this model
     */
    AttachedMethod attach(List<TargetLayer> sites, AttachedModel model);

    /**
     * Attaches what {@link AttachedMethod#serving} gives: as {@link #attach}, for most methods.
     *
     * @throws IllegalArgumentException as there
     */
    default AttachedMethod attachServing(List<TargetLayer> sites, AttachedModel model) {
        return attach(sites, model);
    }

    /**
     * Whether training can go on from what {@link AttachedMethod#serving} gives. If not, it needs
     * its own state.
     */
    default boolean resumable() {
        return true;
    }

    /**
     * Whether a question and what it is asked of reach the model as segments of their own. PEFT's
     * own methods hand none to the model for question answering.
     */
    default boolean passesSegments() {
        return true;
    }
}
