package io.flinkpeft.task;

/**
 * Where a target of a decoder ends. Those of encoder-decoders end as their tokenizer says.
 *
 * <p>An adapter that has never learned the end of a target goes on until {@code max-new-tokens}.
 */
public enum TargetEnd {
    /** The tokenizer's end token is put behind it, as trainers do, unless it is there already. */
    APPENDED("appended"),

    /** As it is written. */
    AS_WRITTEN("as-written");

    private final String value;

    TargetEnd(String value) {
        this.value = value;
    }

    /** As the option is written. */
    @Override
    public String toString() {
        return value;
    }
}
