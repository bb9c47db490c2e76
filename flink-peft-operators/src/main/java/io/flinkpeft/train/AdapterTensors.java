package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;

/**
 * An adapter's row and moments on the device.
 *
 * @param row the trained values, flat
 * @param first AdamW's first moment
 * @param second AdamW's second moment
 */
record AdapterTensors(NDArray row, NDArray first, NDArray second) implements AutoCloseable {

    static final int TENSORS = 3;

    @Override
    public void close() {
        row.close();
        first.close();
        second.close();
    }
}
