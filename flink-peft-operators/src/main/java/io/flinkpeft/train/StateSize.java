package io.flinkpeft.train;

import io.flinkpeft.method.PeftConfig;

/**
 * What an adapter's state may hold: it is written into one array of bytes. Counted before any of it
 * is allocated.
 */
final class StateSize {

    /** For all besides the values: labels and lineage. */
    private static final long ROOM = 64L << 20;

    /** How many values an adapter may have, its head's among them. */
    static final long MOST_VALUES =
            (Integer.MAX_VALUE - ROOM) / (AdapterTensors.TENSORS * Float.BYTES);

    private StateSize() {}

    /**
     * Refuses adapters whose state cannot be written.
     *
     * @param values of an adapter with its smallest head
     */
    static void check(PeftConfig method, long values) {
        if (values > MOST_VALUES) {
            throw new IllegalArgumentException(
                    "Method ("
                            + method.peftType()
                            + ") has "
                            + values
                            + " values an adapter, must have at most "
                            + MOST_VALUES
                            + ": their state is written as one array of 2 GiB. Maybe take lora.");
        }
    }

    /**
     * How many labels there is room for, up to a bound.
     *
     * @param first how many values there are without labels
     */
    static int mostLabels(int bound, long first, long perLabel) {
        if (perLabel == 0) {
            return bound;
        }
        long room = (MOST_VALUES - first) / perLabel;
        return Math.min(bound, Integer.highestOneBit((int) Math.min(room, 1 << 30)));
    }
}
