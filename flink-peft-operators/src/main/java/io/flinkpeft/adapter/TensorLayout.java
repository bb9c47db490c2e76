package io.flinkpeft.adapter;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Where named tensors lie in a flat row.
 *
 * @param slots the tensors, one after the other, without holes
 * @param size how many values a row has
 */
public record TensorLayout(List<Slot> slots, int size) {

    /**
     * A tensor of the row.
     *
     * @param name unique in the layout
     * @param shape the dimensions, one or two
     * @param offset where it starts in the row
     */
    public record Slot(String name, List<Integer> shape, int offset) {

        public Slot {
            shape = List.copyOf(shape);
        }

        /** How many values it has. */
        public int size() {
            return (int) count(shape);
        }

        /** The second dimension of a matrix, 0 for a vector. */
        public int columns() {
            return shape.size() == 2 ? shape.get(1) : 0;
        }
    }

    /** As many as fit an array. */
    private static final int MOST_VALUES = Integer.MAX_VALUE - 16;

    /** How many values a shape has; a bound below the largest number if it is more than that. */
    private static long count(List<Integer> shape) {
        long values = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("Shape " + shape + " must not be negative.");
            }
            values = Math.min(values * dimension, Long.MAX_VALUE >> 32);
        }
        return values;
    }

    public TensorLayout {
        slots = List.copyOf(slots);
    }

    /** Lays tensors out in the order in which they are added. */
    public static final class Builder {
        private final List<Slot> slots = new ArrayList<>();
        private final HashSet<String> names = new HashSet<>();
        private int size;

        /**
         * Adds a tensor at the end.
         *
         * @throws IllegalArgumentException if the name is taken, or the row gets larger than an
         *     array can be
         */
        public Builder add(String name, Integer... shape) {
            if (!names.add(name)) {
                throw new IllegalArgumentException("Tensor " + name + " must be added once.");
            }
            List<Integer> dimensions = List.of(shape);
            long values = size + count(dimensions);
            if (values > MOST_VALUES) {
                throw new IllegalArgumentException(
                        "Tensor "
                                + name
                                + " "
                                + dimensions
                                + " makes a row of "
                                + values
                                + " values, must be at most "
                                + MOST_VALUES
                                + ". Maybe take a smaller rank.");
            }
            slots.add(new Slot(name, dimensions, size));
            size = (int) values;
            return this;
        }

        /** The layout of what was added. */
        public TensorLayout build() {
            return new TensorLayout(slots, size);
        }
    }

    /** The sizes of the tensors, in order: they cut a row into its parts. */
    public long[] sizes() {
        return slots.stream().mapToLong(Slot::size).toArray();
    }

    /** {@link Slot#columns} of the tensors, in order. */
    public long[] columns() {
        return slots.stream().mapToLong(Slot::columns).toArray();
    }
}
