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
            return shape.stream().reduce(1, Math::multiplyExact);
        }

        /** The second dimension of a matrix, 0 for a vector. */
        public int columns() {
            return shape.size() == 2 ? shape.get(1) : 0;
        }
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
         * @throws IllegalArgumentException if the name is taken
         * @throws ArithmeticException if the row gets larger than an array can be
         */
        public Builder add(String name, Integer... shape) {
            if (!names.add(name)) {
                throw new IllegalArgumentException("Tensor " + name + " must be added once.");
            }
            var slot = new Slot(name, List.of(shape), size);
            slots.add(slot);
            size = Math.addExact(size, slot.size());
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
