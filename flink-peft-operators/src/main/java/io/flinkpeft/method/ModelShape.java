package io.flinkpeft.method;

/**
 * The sizes of a base model that methods beside its layers go by.
 *
 * @param layers that attend
 * @param heads of queries in each
 * @param keyHeads of keys and values in each
 * @param keyWidth features of a token's keys, those of all heads together
 * @param width features of a token
 */
public record ModelShape(int layers, int heads, int keyHeads, int keyWidth, int width) {}
