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

    /** The word embeddings [vocabulary, width], flat, in fp32. */
    float[] wordEmbeddings();

    /** A text's tokens, special ones included. */
    long[] tokens(String text);
}
