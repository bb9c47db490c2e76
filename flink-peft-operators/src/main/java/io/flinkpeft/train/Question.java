package io.flinkpeft.train;

import io.flinkpeft.model.Tokens;
import java.util.Arrays;

/**
 * A text as the model takes it, and what is asked about it.
 *
 * @param tokens of the text
 * @param places the tokens whose hidden states answer, counted from the text's first; -1 is the
 *     last one of a prompt before it; empty if the text as a whole answers
 * @param labels the right answers, one an output; {@link #NONE} where it is not known
 */
record Question(Tokens tokens, int[] places, long[] labels) {

    /** No label. */
    static final long NONE = -1;

    /** How many answers it asks for. */
    int outputs() {
        return labels.length;
    }

    /** How many of the right answers are known. */
    long labelled() {
        return Arrays.stream(labels).filter(label -> label != NONE).count();
    }
}
