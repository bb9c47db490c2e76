package io.flinkpeft.method.prefix;

/**
 * Which attentions have a prefix. Of encoders and decoders alone all have one; but PEFT has none
 * for DeBERTa and for the encoder of T5.
 */
public enum PrefixScope {
    /**
     * Those of the decoder to itself, as PEFT computes it. It deals out the columns of twice as
     * many layers: layer l's keys are columns {@code 4 l mod 2 L}, its values the next, so that
     * with an even {@code L} half of them are never read and learn nothing.
     */
    DECODER_AS_PEFT(""),
    /**
     * All: those of the decoder to itself and to the text, and those of the encoder, each with its
     * own columns, as in the paper. PEFT computes something else, or nothing, so the files have a
     * {@code peft_type} that it refuses. Keys of a prefix have no distance from a text's tokens
     * where attention knows distances: that part of the scores is 0, as in AdapterHub's library.
     */
    EVERY_ATTENTION("EVERY_ATTENTION_");

    private final String typePrefix;

    PrefixScope(String typePrefix) {
        this.typePrefix = typePrefix;
    }

    /** Whether the base gets segments: PEFT hands none to it for question answering. */
    boolean passesSegments() {
        return this == EVERY_ATTENTION;
    }

    /** The {@code peft_type} with this. */
    String peftType() {
        return typePrefix + "PREFIX_TUNING";
    }
}
