package io.flinkpeft.merge;

import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Optional;

/**
 * LoRA on one layer: {@code W + s B A}.
 *
 * @param module the layer's name in the model
 * @param embedding whether it is an embedding, whose weight is {@code [in, out]}
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 * @param bias a trained bias of {@code b}, {@code [out]}
 * @param magnitude DoRA's lengths of the outputs' rows, {@code [out]}
 * @param scale {@code s}
 */
record LoraLayer(
        String module,
        boolean embedding,
        TensorView a,
        TensorView b,
        Optional<TensorView> bias,
        Optional<TensorView> magnitude,
        double scale) {

    LoraLayer {
        if (a.shape().size() != 2
                || b.shape().size() != 2
                || !a.shape().get(0).equals(b.shape().get(1))) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has A "
                            + a.shape()
                            + " and B "
                            + b.shape()
                            + ", must have [r, in] and [out, r]. Maybe it is a convolution, which"
                            + " is not supported.");
        }
        for (TensorView vector : List.of(bias.orElse(b), magnitude.orElse(b))) {
            if (vector != b && !vector.shape().equals(b.shape().subList(0, 1))) {
                throw new IllegalArgumentException(
                        "Tensor "
                                + vector.name()
                                + " has shape "
                                + vector.shape()
                                + ", must have "
                                + b.shape().subList(0, 1)
                                + ".");
            }
        }
    }

    int rank() {
        return Math.toIntExact(a.shape().get(0));
    }

    long in() {
        return a.shape().get(1);
    }

    long out() {
        return b.shape().get(0);
    }
}
