package io.flinkpeft.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A batch as a program's {@code Batch}: {@code kernels/types.py} has the shapes. What is absent is
 * an empty tensor, or no tensors.
 *
 * @param ids of the tokens
 * @param positions of each token in its text
 * @param segments of each token
 * @param ungather the place of each token in the joined groups of rows
 * @param gather of each group of rows of one width the token at each place
 * @param attentionMask of each group
 * @param adapterOfRow of each group
 * @param textOfToken the text of each token
 * @param firstTokens the token of each text that is pooled as its first
 * @param lengths how many tokens each text has of its own
 * @param promptTokens those that a prompt stands for
 * @param outputTokens those whose hidden states answer
 * @param tokensPerAdapter filling included
 * @param textsPerAdapter texts whose beginnings are among the tokens
 * @param outputsPerAdapter hidden states that answer
 * @param pastKeyValues of the same texts' earlier tokens
 * @param useCache whether these tokens' keys and values are added to them
 * @param decoder the targets of the texts
 */
public record BatchTensors(
        NDArray ids,
        NDArray positions,
        NDArray segments,
        NDArray ungather,
        List<NDArray> gather,
        List<NDArray> attentionMask,
        List<NDArray> adapterOfRow,
        NDArray textOfToken,
        NDArray firstTokens,
        NDArray lengths,
        NDArray promptTokens,
        NDArray outputTokens,
        long[] tokensPerAdapter,
        long[] textsPerAdapter,
        long[] outputsPerAdapter,
        List<NDArray> pastKeyValues,
        boolean useCache,
        Decoder decoder) {

    /**
     * The targets of an encoder-decoder.
     *
     * @param ids of their tokens
     * @param positions of each token in its target
     * @param ungather the place of each token in the joined groups of rows
     * @param gather of each group of rows the token at each place
     * @param attentionMask of each group
     * @param adapterOfRow of each group
     * @param crossGather of each group the tokens of its rows' texts
     * @param crossAttentionMask of each group, over these
     * @param tokensPerAdapter filling included
     */
    public record Decoder(
            NDArray ids,
            NDArray positions,
            NDArray ungather,
            List<NDArray> gather,
            List<NDArray> attentionMask,
            List<NDArray> adapterOfRow,
            List<NDArray> crossGather,
            List<NDArray> crossAttentionMask,
            long[] tokensPerAdapter) {

        /** No targets. */
        static Decoder absent(NDArray empty) {
            List<NDArray> none = List.of();
            return new Decoder(empty, empty, empty, none, none, none, none, none, new long[0]);
        }
    }

    /** The same, with the keys and values of earlier tokens, to which these tokens' are added. */
    public BatchTensors withCache(List<NDArray> past) {
        return new BatchTensors(
                ids,
                positions,
                segments,
                ungather,
                gather,
                attentionMask,
                adapterOfRow,
                textOfToken,
                firstTokens,
                lengths,
                promptTokens,
                outputTokens,
                tokensPerAdapter,
                textsPerAdapter,
                outputsPerAdapter,
                past,
                true,
                decoder);
    }
}
