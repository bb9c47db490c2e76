package io.flinkpeft.method.prefix;

/** Which attentions of an encoder-decoder have a prefix; other models have one in every layer. */
public enum PrefixScope {
    /**
     * Those of the decoder to itself, as PEFT computes it. It deals out the columns of twice as
     * many layers: layer l's keys are columns {@code 4 l mod 2 L}, its values the next, so that
     * with an even {@code L} half of them are never read and learn nothing.
     */
    DECODER_AS_PEFT(""),
    /**
     * All: those of the decoder to itself and to the text, and those of the encoder, each with its
     * own columns, as in the paper. PEFT computes something else, so the files have a {@code
     * peft_type} that it refuses.
     */
    EVERY_ATTENTION("EVERY_ATTENTION_");

    private final String typePrefix;

    PrefixScope(String typePrefix) {
        this.typePrefix = typePrefix;
    }

    /** The {@code peft_type} with this. */
    String peftType() {
        return typePrefix + "PREFIX_TUNING";
    }
}
