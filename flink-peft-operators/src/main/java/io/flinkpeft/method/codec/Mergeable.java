package io.flinkpeft.method.codec;

import io.flinkpeft.method.PeftConfig;
import io.flinkpeft.safetensors.TensorView;
import java.util.List;
import java.util.Map;

/** The codec of a method whose adapters can be merged into the weights of a base. */
public interface Mergeable {

    /**
     * Takes the changes of layers out of an adapter's tensors. What is left replaces tensors of the
     * base.
     *
     * @param config what {@link PeftConfigCodec#read} gave
     * @param tensors by their names in the model, without PEFT's prefix; what is taken is removed
     * @throws IllegalArgumentException if a layer is not complete, is not what the settings say, or
     *     the adapter changes the base in another way too
     */
    List<WeightChange> takeChanges(PeftConfig config, Map<String, TensorView> tensors);
}
