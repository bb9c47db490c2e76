package io.flinkpeft.method;

/** The values of a frozen base model, for methods that start from them. */
public interface BaseTensors {

    /**
     * A tensor's values, flat, in fp32.
     *
     * @param name in the bare model, such as {@code encoder.layer.0.output.dense.weight}
     * @throws IllegalArgumentException if the model has none of that name
     */
    float[] values(String name);

    /**
     * The weight of a linear layer [out, in], flat, in fp32, also where the checkpoint has it as
     * [in, out].
     *
     * @param module its name in the bare model
     */
    float[] weight(String module);

    /**
     * The best approximation of a weight [out, in] by a product of rank {@code rank}, from its
     * singular value decomposition.
     *
     * @param module of the weight
     * @param out features of its output
     * @param rank at most the smaller dimension
     * @return the factors [out, rank] and [rank, in], flat, with the root of each singular value in
     *     both
     */
    float[][] singularFactors(String module, int out, int rank);

    /** The word embeddings [vocabulary, width], flat, in fp32. */
    float[] wordEmbeddings();

    /** A text's tokens, special ones included. */
    long[] tokens(String text);
}
