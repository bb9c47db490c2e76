package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.flinkpeft.engine.InputBuffer;
import java.util.ArrayList;
import java.util.List;

/** Tokens of several adapters' texts as a kernel takes them; {@code kernels/batch.py} says how. */
public interface PackedInputs {

    /**
     * Tensors of a batch; of one with targets theirs follow, as {@code kernels/sides.py} says.
     *
     * @param inputs ids, positions, kinds, ungather, texts, firsts, lengths, prompts, outputs
     * @param gather one a group of texts of a width
     * @param mask one a group
     * @param owners one a group
     */
    record Tensors(
            List<NDArray> inputs, List<NDArray> gather, List<NDArray> mask, List<NDArray> owners) {

        /** These and then others. */
        Tensors and(Tensors others) {
            return new Tensors(
                    joined(inputs, others.inputs),
                    joined(gather, others.gather),
                    joined(mask, others.mask),
                    joined(owners, others.owners));
        }

        private static List<NDArray> joined(List<NDArray> first, List<NDArray> second) {
            List<NDArray> both = new ArrayList<>(first);
            both.addAll(second);
            return both;
        }
    }

    /** Makes the tensors. */
    Tensors tensors(InputBuffer buffer, NDManager scope);

    /** Tokens of each adapter, filling included; then those of its targets. */
    long[] tokensPerAdapter();

    /** Texts of each adapter whose beginnings are among the tokens. */
    long[] textsPerAdapter();

    /** Hidden states of each adapter that answer. */
    long[] outputsPerAdapter();
}
