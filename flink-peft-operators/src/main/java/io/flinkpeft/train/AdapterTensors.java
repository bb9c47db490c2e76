package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * An adapter's row and moments on the device.
 *
 * @param row the trained values, flat
 * @param first AdamW's first moment
 * @param second AdamW's second moment
 */
record AdapterTensors(NDArray row, NDArray first, NDArray second) implements AutoCloseable {

    static final int TENSORS = 3;

    /** Gives them to a manager that lives longer. */
    void attach(NDManager manager) {
        row.attach(manager);
        first.attach(manager);
        second.attach(manager);
    }

    @Override
    public void close() {
        row.close();
        first.close();
        second.close();
    }
}
