package io.flinkpeft.train;

import io.flinkpeft.method.codec.PeftAdapter;
import io.flinkpeft.model.BaseModel;
import io.flinkpeft.safetensors.TensorView;
import java.util.Optional;

/**
 * Weights of the base in an adapter's file: PEFT writes those of a language model's embeddings
 * where they are targets, as they may have grown. They must be those of the base that is used.
 */
final class SavedBase {

    /** Two values that are one in bf16 differ by less, relatively. */
    private static final double ROUNDING = 1.0 / 128;

    private SavedBase() {}

    /**
     * Checks an adapter against the base that it is for.
     *
     * @throws IllegalArgumentException if it was trained on other weights
     */
    static void check(PeftAdapter adapter, BaseModel base) {
        for (TensorView tensor : adapter.tensors().values()) {
            if (tensor.name().endsWith(PeftAdapter.BASE_WEIGHT)) {
                String module =
                        tensor.name()
                                .substring(
                                        PeftAdapter.PREFIX.length(),
                                        tensor.name().length() - PeftAdapter.BASE_WEIGHT.length());
                Optional<TensorView> own = base.weightOf(module);
                if (own.isPresent() && !same(tensor, own.get())) {
                    throw new IllegalArgumentException(
                            "The adapter has its base's weight of "
                                    + module
                                    + " "
                                    + tensor.shape()
                                    + ", must have the model's "
                                    + own.get().shape()
                                    + " with the same values. Maybe it is for another base"
                                    + " model, or one with more tokens.");
                }
            }
        }
    }

    private static boolean same(TensorView saved, TensorView own) {
        if (!saved.shape().equals(own.shape())) {
            return false;
        }
        float[] a = saved.toFloats();
        float[] b = own.toFloats();
        for (int i = 0; i < a.length; i++) {
            if (!(Math.abs(a[i] - b[i]) <= ROUNDING * Math.abs(b[i]))) {
                return false;
            }
        }
        return true;
    }
}
