package io.flinkpeft.model;

/** How one vector is made of the vectors of a text's tokens. */
public enum Pooling {
    /** The mean over all tokens of the text, the special ones included. */
    MEAN,
    /** The vector of the first token. */
    CLS,
    /** The vector of the last token, which alone has seen the whole text in a decoder. */
    LAST;

    /** The kernel text that pools so. */
    public String kernel() {
        return switch (this) {
            case MEAN -> "mean_pooling";
            case CLS -> "cls_pooling";
            case LAST -> "last_pooling";
        };
    }
}
