package io.flinkpeft.method.lora;

/** Which of the base's biases a LoRA trains as well; the names are PEFT's, in capitals. */
public enum LoraBias {
    /** None: the base stays as it is. */
    NONE,
    /** Every bias of the model. */
    ALL,
    /** Those of the adapted layers. */
    LORA_ONLY
}
