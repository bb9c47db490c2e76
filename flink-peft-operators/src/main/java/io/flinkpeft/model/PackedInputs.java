package io.flinkpeft.model;

import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;

/** Tokens of several adapters' texts as a program takes them. */
public interface PackedInputs {

    /**
     * Makes the tensors.
     *
     * @param buffer holds them until it is cleared
     * @param scope owns them
     */
    BatchTensors tensors(InputBuffer buffer, NDManager scope);
}
