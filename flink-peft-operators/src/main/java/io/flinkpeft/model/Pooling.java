package io.flinkpeft.model;

/** How one vector is made of the vectors of a text's tokens. */
public enum Pooling {
    /** The mean over all tokens of the text, the special ones included. */
    MEAN,
    /** The vector of the first token. */
    CLS
}
