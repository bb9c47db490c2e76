package io.flinkpeft.json;

/**
 * How long the parts of an example may be.
 *
 * @param textLength the most characters of a text, its pair, a target, or all labels of its words
 * @param labelLength the most characters of one label
 */
public record ContentLimits(int textLength, int labelLength) {

    /** None: of files that a user chose. */
    public static final ContentLimits NONE =
            new ContentLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
}
