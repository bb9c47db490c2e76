package io.flinkpeft.method.lora;

/** How LoRA's correction is computed, with {@code s} the scale. */
public enum LoraForm {
    /** Beside the frozen layer: {@code y = x W^T + b + s (x A^T) B^T}. */
    ADAPTER("lora"),
    /**
     * DoRA: a magnitude {@code m [out]} of its own for each output, a direction that LoRA learns.
     *
     * <pre>{@code
     * y = m / n * x (W + s B A)^T + b      n = norm of each row of W + s B A, as a constant
     * }</pre>
     *
     * @see <a href="https://arxiv.org/abs/2402.09353">Liu et al., DoRA, 2024, section 4</a>
     */
    DORA("dora"),
    /**
     * In the weight itself: {@code y = x (W + s B A)^T + b}. The network has no adapter path, the
     * optimizer moves {@code A} and {@code B} by the projected gradients of the weight, and the
     * weight moves by the difference of their products. It learns what {@link #ADAPTER} learns.
     *
     * @see <a href="https://kexue.fm/archives/9590">Su, LoRA from the gradient's viewpoint,
     *     2023</a>
     */
    OPTIMIZER("lora_optimizer");

    private final String kernel;

    LoraForm(String kernel) {
        this.kernel = kernel;
    }

    /** The name of its program text. */
    public String kernel() {
        return kernel;
    }
}
