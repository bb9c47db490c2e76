package io.flinkpeft.predict;

/** What happens to a text whose adapter is null, unknown or has no version that can serve. */
public enum Fallback {
    /** The prediction fails with an {@link UnknownAdapterException}. */
    ERROR,
    /** The text is not predicted: {@link Answer#NONE}. */
    NULL,
    /** The base model predicts alone, where it has a head; the answer names no adapter. */
    BASE
}
