package io.flinkpeft.method;

import java.io.Serializable;

/** A tuning method and its settings. */
public sealed interface PeftConfig extends Serializable permits LoraConfig {

    /** The name PEFT gives the method in {@code peft_type}, such as {@code LORA}. */
    String peftType();
}
