package io.flinkpeft.method;

import java.io.Serializable;
import java.util.List;

/** A tuning method and its settings. */
public sealed interface PeftConfig extends Serializable permits HeadOnly, LoraConfig {

    /** The name PEFT gives the method in {@code peft_type}, such as {@code LORA}. */
    String peftType();

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
