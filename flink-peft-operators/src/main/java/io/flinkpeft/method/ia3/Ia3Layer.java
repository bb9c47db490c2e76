package io.flinkpeft.method.ia3;

import io.flinkpeft.method.codec.MergeStep;
import io.flinkpeft.method.codec.WeightChange;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Optional;

/**
 * (IA)³ on one layer, as files have it: {@code l W}.
 *
 * @param module the layer's name in the model
 * @param vector {@code [out, 1]} scales the output, {@code [1, in]} the input, as PEFT does in
 *     feed-forward modules
 */
public record Ia3Layer(String module, TensorView vector) implements WeightChange {

    public Ia3Layer {
        List<Long> shape = vector.shape();
        if (shape.size() != 2 || (shape.get(0) != 1 && shape.get(1) != 1)) {
            throw new IllegalArgumentException(
                    "Tensor "
                            + vector.name()
                            + " has shape "
                            + shape
                            + ", must have [out, 1] or [1, in].");
        }
    }

    private boolean scalesInput() {
        return vector.shape().get(0) == 1;
    }

    @Override
    public List<Long> shape(List<Long> weight) {
        long own = vector.elements();
        long other = weight.size() == 2 && weight.get(0) == own ? weight.get(1) : weight.get(0);
        return scalesInput() ? List.of(other, own) : List.of(own, other);
    }

    @Override
    public Optional<MergeStep> weight() {
        return Optional.of(new MergeStep("ia3", List.of(vector), List.of()));
    }

    /** A factor of the output is one of the bias, too. */
    @Override
    public Optional<MergeStep> bias() {
        return scalesInput()
                ? Optional.empty()
                : Optional.of(new MergeStep("ia3_bias", List.of(vector), List.of()));
    }
}
