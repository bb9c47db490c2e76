package io.flinkpeft.method;

/**
 * A linear layer of a base model that a method may adapt.
 *
 * @param module its name in the model, such as {@code encoder.layer.0.attention.self.query}
 * @param in features of its input
 * @param out features of its output
 * @param fanInFanOut whether the checkpoint has its weight as [in, out], as GPT-2 does
 */
public record TargetLayer(String module, int in, int out, boolean fanInFanOut) {

    /** A layer with a weight [out, in]. */
    public TargetLayer(String module, int in, int out) {
        this(module, in, out, false);
    }

    /** A layer with a weight [in, out]. */
    public static TargetLayer fanInFanOut(String module, int in, int out) {
        return new TargetLayer(module, in, out, true);
    }
}
