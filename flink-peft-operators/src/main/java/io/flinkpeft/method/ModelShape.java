package io.flinkpeft.method;

/**
 * The sizes of a base model that methods beside its layers go by.
 *
 * @param layers that attend; of an encoder-decoder those of the encoder
 * @param heads of queries in each
 * @param keyHeads of keys and values in each
 * @param keyWidth features of a token's keys, those of all heads together
 * @param width features of a token
 * @param decoderLayers of an encoder-decoder; 0 for other models
 */
public record ModelShape(
        int layers, int heads, int keyHeads, int keyWidth, int width, int decoderLayers) {

    /** A model that is no encoder-decoder. */
    public ModelShape(int layers, int heads, int keyHeads, int keyWidth, int width) {
        this(layers, heads, keyHeads, keyWidth, width, 0);
    }

    /** How often it attends: a decoder's layer does so to itself and to the encoder. */
    public int attentions() {
        return layers + 2 * decoderLayers;
    }
}
