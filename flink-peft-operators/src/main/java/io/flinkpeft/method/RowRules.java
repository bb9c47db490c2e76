package io.flinkpeft.method;

/** What an attached method does with its part of a row, which starts with the method's tensors. */
@FunctionalInterface
public interface RowRules {

    /**
     * Writes the method's first values into a row.
     *
     * @param base the base's values, for methods that start from them
     * @param seed of this adapter
     * @param row all zero
     */
    void initialize(AttachedMethod method, BaseTensors base, long seed, float[] row);

    /** What of a row predicts: all of it, for most methods. */
    default Serving serving(AttachedMethod method, float[] row) {
        return Serving.all(method, row);
    }

    /**
     * Writes what training or prediction needs of the base and no file holds, into a row that was
     * read from a file; nothing, for most methods.
     */
    default void complete(AttachedMethod method, BaseTensors base, float[] row) {}

    /**
     * What the kernel must know of an optimizer step besides its number: as many numbers for every
     * step, none for most methods.
     *
     * @param step the number of the step, from 1
     */
    default long[] plan(AttachedMethod method, long step) {
        return new long[0];
    }
}
