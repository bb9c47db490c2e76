package io.flinkpeft.method;

import java.io.Serializable;
import java.util.List;
import java.util.Set;

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

    /**
     * Writes the method's first values into a row; for methods that start from the base's own.
     *
     * @param attachment what {@link #attach} gave
     * @param seed of this adapter
     * @param base the base's values
     * @param row starts with the attachment's tensors; all zero
     */
    default void initialise(Attachment attachment, long seed, BaseTensors base, float[] row) {
        initialise(attachment, seed, row);
    }

    /**
     * What of a row predicts: all of it, for most methods.
     *
     * @param attachment what {@link #attach} gave
     * @param row starts with the attachment's tensors
     */
    default Serving serving(Attachment attachment, float[] row) {
        return Serving.all(attachment, row);
    }

    /** Attaches what {@link #serving} gives: as {@link #attach}, for most methods. */
    default Attachment attachServing(List<Site> sites, AttachedModel model) {
        return attach(sites, model);
    }

    /**
     * Whether training can go on from what {@link #serving} gives. If not, it needs its own state.
     */
    default boolean resumable() {
        return true;
    }

    /**
     * The name of one of the method's tensors in its files.
     *
     * @param tensor its name in the row
     * @param prefix of the base's modules in the model with its head; may be empty
     */
    default String fileName(String tensor, String prefix) {
        return headPrefix() + prefix + tensor;
    }

    /** What stands before the names of the model's own head in the method's files. */
    default String headPrefix() {
        return PeftAdapter.PREFIX;
    }

    /**
     * Whether a tensor of a file may have or lack the prefix of the base's modules, whatever the
     * head.
     */
    default boolean prefixOptional(String fileTensor) {
        return false;
    }

    /**
     * Writes what training or prediction needs of the base and no file holds, into a row that was
     * read from a file.
     */
    default void complete(Attachment attachment, BaseTensors base, float[] row) {}

    /** Whether a tensor of a file repeats another one of it. */
    default boolean redundant(String fileTensor) {
        return false;
    }

    /** Whether a tensor of the row is in the method's files; what only training needs is not. */
    default boolean saved(String tensor) {
        return true;
    }

    /**
     * What the kernel must know of an optimizer step besides its number: as many numbers for every
     * step, none for most methods.
     *
     * @param attachment what {@link #attach} gave
     * @param step the number of the step, from 1
     */
    default long[] plan(Attachment attachment, long step) {
        return new long[0];
    }
}
