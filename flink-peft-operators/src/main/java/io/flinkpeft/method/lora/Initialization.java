package io.flinkpeft.method.lora;

/** How LoRA's {@code A} starts; {@code B} starts at zero, but for PiSSA. */
public enum Initialization {
    /** Uniform in {@code ±1/sqrt(in)}, as in the authors' code; {@code true} in PEFT's files. */
    KAIMING_UNIFORM,
    /** Normal with a standard deviation of {@code 1/r}; {@code "gaussian"} in PEFT's files. */
    GAUSSIAN,
    /**
     * PiSSA: A and B are the largest singular values of the weight, which is frozen without them;
     * {@code "pissa"} in PEFT's files. Exported as an ordinary LoRA of twice the rank.
     *
     * @see <a href="https://arxiv.org/abs/2404.02948">Meng et al., PiSSA, 2024, section 3</a>
     */
    PISSA
}
