package io.flinkpeft.model;

/**
 * A text as tokens, and where its words are; words are what stands between white space.
 *
 * @param tokens of the text, special ones included
 * @param firsts for each word the place of its first token; words that were cut off are missing
 */
public record Words(Tokens tokens, int[] firsts) {}
