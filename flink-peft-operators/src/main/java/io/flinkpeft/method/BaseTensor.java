package io.flinkpeft.method;

import java.util.List;

/**
 * A tensor of a base model.
 *
 * @param name in the bare model, such as {@code encoder.layer.0.output.dense.weight}
 * @param shape its dimensions
 */
public record BaseTensor(String name, List<Integer> shape) {

    public BaseTensor {
        shape = List.copyOf(shape);
    }
}
