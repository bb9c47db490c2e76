package io.flinkpeft.method.lora;

import io.flinkpeft.method.codec.MergeStep;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Optional;

/**
 * LoRA on one layer, as files have it: {@code W + s B A}.
 *
 * @param module the layer's name in the model
 * @param embedding whether it is an embedding, whose weight is {@code [in, out]}
 * @param a {@code [r, in]}
 * @param b {@code [out, r]}
 * @param biasOfB a trained bias of {@code b}, {@code [out]}
 * @param magnitude DoRA's lengths of the outputs' rows, {@code [out]}
 * @param scale {@code s}
 */
public record LoraLayer(
        String module,
        boolean embedding,
        TensorView a,
        TensorView b,
        Optional<TensorView> biasOfB,
        Optional<TensorView> magnitude,
        double scale)
        implements WeightChange {

    public LoraLayer {
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
        for (TensorView vector : List.of(biasOfB.orElse(b), magnitude.orElse(b))) {
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

    /** The rank {@code r}. */
    public int rank() {
        return Math.toIntExact(a.shape().get(0));
    }

    /** Features of the layer's input; rows of an embedding. */
    public long in() {
        return a.shape().get(1);
    }

    /** Features of the layer's output. */
    public long out() {
        return b.shape().get(0);
    }

    @Override
    public List<Long> shape(List<Long> weight) {
        return List.of(out(), in());
    }

    @Override
    public Optional<MergeStep> weight() {
        return Optional.of(
                magnitude
                        .map(m -> new MergeStep("dora", List.of(a, b, m), List.of(scale)))
                        .orElseGet(() -> new MergeStep("lora", List.of(a, b), List.of(scale))));
    }

    @Override
    public Optional<MergeStep> bias() {
        return biasOfB.map(own -> new MergeStep("lora_bias", List.of(own), List.of(scale)));
    }

    @Override
    public boolean needsBias() {
        return true;
    }
}
