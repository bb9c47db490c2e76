package io.flinkpeft.task;

/** What a text means that has a special token, such as {@code [SEP]}, written in it. */
public enum SpecialTokens {
    /** The token, as in transformers. */
    TOKENS("tokens"),

    /**
     * What is written. No text gets the number of a special token; around texts they stay. Added
     * tokens that are not special are tokens all the same.
     */
    PLAIN("plain");

    private final String value;

    SpecialTokens(String value) {
        this.value = value;
    }

    /** As the option is written. */
    @Override
    public String toString() {
        return value;
    }
}
