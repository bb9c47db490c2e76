package io.flinkpeft.train;

/**
 * What a language model wrote.
 *
 * @param text without special tokens
 * @param ids the new tokens, the end token among them if it came
 */
public record Generation(String text, long[] ids) implements Prediction {}
