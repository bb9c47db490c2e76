package io.flinkpeft.method.codec;

import io.flinkpeft.safetensors.TensorView;
import java.util.List;

/**
 * A call of the program text {@code merge.py}, which computes one tensor of a merged model.
 *
 * @param function its name there
 * @param tensors its tensors, in the order of the function's parameters
 * @param numbers its numbers, which follow the tensors
 */
public record MergeStep(String function, List<TensorView> tensors, List<Double> numbers) {

    public MergeStep {
        tensors = List.copyOf(tensors);
        numbers = List.copyOf(numbers);
    }
}
