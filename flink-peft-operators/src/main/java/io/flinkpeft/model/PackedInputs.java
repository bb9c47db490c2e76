package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;

/** Tokens of several adapters' texts as a kernel takes them; {@code kernels/batch.py} says how. */
public interface PackedInputs {

    /**
     * Tensors of a batch.
     *
     * @param inputs ids, positions, kinds, ungather, texts, firsts, lengths, prompts, outputs
     * @param gather one a group of texts of a width
     * @param mask one a group
     * @param owners one a group
     */
    record Tensors(NDArray[] inputs, NDArray[] gather, NDArray[] mask, NDArray[] owners) {}

    /** Makes the tensors. */
    Tensors tensors(InputBuffer buffer, NDManager scope);

    /** Tokens of each adapter, filling included. */
    long[] tokensPerAdapter();

    /** Texts of each adapter whose beginnings are among the tokens. */
    long[] textsPerAdapter();

    /** Hidden states of each adapter that answer. */
    long[] outputsPerAdapter();
}
