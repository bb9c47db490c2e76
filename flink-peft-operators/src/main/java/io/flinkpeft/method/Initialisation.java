package io.flinkpeft.method;

/** How LoRA's {@code A} starts; {@code B} starts at zero. */
public enum Initialisation {
    /** Uniform in {@code ±1/sqrt(in)}, as in the authors' code; {@code true} in PEFT's files. */
    KAIMING_UNIFORM,
    /** Normal with a standard deviation of {@code 1/r}; {@code "gaussian"} in PEFT's files. */
    GAUSSIAN
}
