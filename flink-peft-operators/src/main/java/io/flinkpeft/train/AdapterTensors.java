package io.flinkpeft.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * An adapter's row and moments on the device.
 *
 * @param row the trained values, flat
 * @param expAvg AdamW's first moment
 * @param expAvgSq AdamW's second moment
 */
record AdapterTensors(NDArray row, NDArray expAvg, NDArray expAvgSq) implements AutoCloseable {

    static final int TENSORS = 3;

    /** Gives them to a manager that lives longer. */
    void attach(NDManager manager) {
        row.attach(manager);
        expAvg.attach(manager);
        expAvgSq.attach(manager);
    }

    @Override
    public void close() {
        row.close();
        expAvg.close();
        expAvgSq.close();
    }
}
