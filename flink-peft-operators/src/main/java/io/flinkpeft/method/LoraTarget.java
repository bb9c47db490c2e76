package io.flinkpeft.method;

/**
 * A layer that LoRA adapts.
 *
 * @param module the name of the layer in the model
 * @param rank its rank
 * @param alpha its scale numerator
 * @param scaling the factor before its correction
 */
public record LoraTarget(String module, int rank, double alpha, double scaling) {

    /** The name of {@code A} [rank, in] in PEFT's files. */
    public String nameOfA() {
        return PeftAdapter.PREFIX + module + ".lora_A.weight";
    }

    /** The name of {@code B} [out, rank] in PEFT's files. */
    public String nameOfB() {
        return PeftAdapter.PREFIX + module + ".lora_B.weight";
    }
}
