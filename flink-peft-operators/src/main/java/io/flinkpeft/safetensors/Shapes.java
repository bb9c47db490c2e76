package io.flinkpeft.safetensors;

import java.util.List;

/** Sizes that cannot overflow unnoticed. */
final class Shapes {

    /** The most dimensions a tensor may have; no framework goes further. */
    static final int MAX_DIMENSIONS = 64;

    private Shapes() {}

    /**
     * Elements of a shape.
     *
     * @throws ArithmeticException if a dimension is negative or the product does not fit a long
     */
    static long elements(List<Long> shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new ArithmeticException("a dimension is negative");
            }
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }
}
