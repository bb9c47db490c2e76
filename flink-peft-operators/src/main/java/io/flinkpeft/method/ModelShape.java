package io.flinkpeft.method;

/**
 * The sizes of a base model that methods beside its layers go by.
 *
 * @param layers that attend
 * @param heads of keys and values in each
 * @param keyWidth features of a token's keys, those of all heads together
 * @param width features of a token
 */
public record ModelShape(int layers, int heads, int keyWidth, int width) {}
