package io.flinkpeft.method.adalora;

import io.flinkpeft.method.codec.MergeStep;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Optional;

/**
 * AdaLoRA on one layer, as files have it: {@code W + alpha B diag(E) A / (r + 1e-5)}, of the
 * triplets that are left.
 *
 * @param module the layer's name in the model
 * @param a {@code [left, in]}
 * @param e {@code [left, 1]}
 * @param b {@code [out, left]}
 * @param alpha the scale's numerator
 * @param initialRank {@code r}, the rank before pruning: what is pruned does not change the scale
 */
public record AdaLoraLayer(
        String module, TensorView a, TensorView e, TensorView b, double alpha, int initialRank)
        implements WeightChange {

    public AdaLoraLayer {
        List<Long> one = e.shape();
        boolean fits =
                a.shape().size() == 2
                        && b.shape().size() == 2
                        && one.equals(List.of(a.shape().get(0), 1L))
                        && one.get(0).equals(b.shape().get(1));
        if (!fits) {
            throw new IllegalArgumentException(
                    "Layer "
                            + module
                            + " has A "
                            + a.shape()
                            + ", E "
                            + one
                            + " and B "
                            + b.shape()
                            + ", must have [r, in], [r, 1] and [out, r].");
        }
    }

    /** How many triplets are left; a layer without any is as the base has it. */
    public long left() {
        return a.shape().get(0);
    }

    @Override
    public List<Long> shape(List<Long> weight) {
        return List.of(b.shape().get(0), a.shape().get(1));
    }

    @Override
    public Optional<MergeStep> weight() {
        // PEFT keeps the rank in fp32 and adds to it there
        double rank = initialRank + 1e-5f;
        return left() == 0
                ? Optional.empty()
                : Optional.of(new MergeStep("adalora", List.of(a, e, b), List.of(alpha, rank)));
    }

    @Override
    public Optional<MergeStep> bias() {
        return Optional.empty();
    }
}
