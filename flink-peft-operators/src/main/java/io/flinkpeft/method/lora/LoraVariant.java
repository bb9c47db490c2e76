package io.flinkpeft.method.lora;

import io.flinkpeft.method.Magnitude;
import java.io.Serializable;

/**
 * What a LoRA may be beyond its ranks: the form of the correction, and how it learns.
 *
 * @param form how the correction is computed; default {@link LoraForm#ADAPTER}
 * @param rateRatio the learning rate of {@code B} divided by that of {@code A}, more than 0 and at
 *     most {@link Magnitude#LARGEST}: LoRA+. Only training knows it, no file does. Default 1, which
 *     is off; the authors and PEFT's users take 16
 * @param bias which biases of the base are trained as well; an adapter that trains some goes
 *     through the model alone. Default {@link LoraBias#NONE}
 * @param biasOfB whether the correction has a bias of its own, {@code s} times a trained vector;
 *     default false
 * @see <a href="https://arxiv.org/abs/2402.12354">Hayou et al., LoRA+, 2024, section 4</a>
 */
public record LoraVariant(LoraForm form, double rateRatio, LoraBias bias, boolean biasOfB)
        implements Serializable {

    /** Ordinary LoRA with one learning rate. */
    public static final LoraVariant DEFAULT =
            new LoraVariant(LoraForm.ADAPTER, 1, LoraBias.NONE, false);

    public LoraVariant {
        Magnitude.positive(
                "peft.lora.loraplus-lr-ratio", rateRatio, " Maybe use 16, or 1 for one rate.");
        if (biasOfB && form != LoraForm.ADAPTER) {
            throw new IllegalArgumentException(
                    "lora_bias (true) must be false for peft.lora.variant (" + form + ").");
        }
    }

    /** The same in another form. */
    public LoraVariant withForm(LoraForm form) {
        return new LoraVariant(form, rateRatio, bias, biasOfB);
    }

    /** The same with another ratio of the learning rates. */
    public LoraVariant withRateRatio(double rateRatio) {
        return new LoraVariant(form, rateRatio, bias, biasOfB);
    }

    /** The same with these biases of the base trained. */
    public LoraVariant withBias(LoraBias bias) {
        return new LoraVariant(form, rateRatio, bias, biasOfB);
    }

    /** The same with a bias of the correction. */
    public LoraVariant withBiasOfB() {
        return new LoraVariant(form, rateRatio, bias, true);
    }

    /** What decides the meaning of a row, as the end of a line; nothing for ordinary LoRA. */
    String describe() {
        // both other forms of LoRA's own values mean the same
        return (form == LoraForm.DORA ? " form=DORA" : "")
                + (bias == LoraBias.NONE ? "" : " bias=" + bias)
                + (biasOfB ? " bias-of-b" : "");
    }
}
