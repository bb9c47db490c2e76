package io.flinkpeft.train;

import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Passage;
import io.flinkpeft.model.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A text as the model takes it, and what is asked about it.
 *
 * @param tokens of the text
 * @param target what an encoder-decoder reads beside it; null for other models
 * @param passage the text that the answer is a part of; null for other tasks
 * @param places the tokens whose hidden states answer, counted from the first one of the text, or
 *     of the target; -1 is the last one of a prompt before it; empty if the text as a whole answers
 * @param labels the right answers, one an output; {@link #NONE} where it is not known
 * @param skipped how many answers before those were cut off with the text's start
 */
record Question(
        Tokens tokens, Tokens target, Passage passage, int[] places, long[] labels, int skipped) {

    /** No label. */
    static final long NONE = -1;

    /** A question to a model that reads the text alone. */
    Question(Tokens tokens, int[] places, long[] labels) {
        this(tokens, null, null, places, labels, 0);
    }

    /** A question to an encoder-decoder. */
    Question(Tokens tokens, Tokens target, int[] places, long[] labels) {
        this(tokens, target, null, places, labels, 0);
    }

    /** Whether the text, or the target, was longer than the limit. */
    boolean truncated() {
        return tokens.truncated() || (target != null && target.truncated());
    }

    /** How many answers it asks for. */
    int outputs() {
        return labels.length;
    }

    /** How many of the right answers are known. */
    long labelled() {
        return Arrays.stream(labels).filter(label -> label != NONE).count();
    }

    /** Adds an adapter's questions to a batch of the kernel. */
    static void pack(List<Question> questions, PackedBatch packed) {
        packed.add(
                questions.stream().map(Question::tokens).toList(),
                questions.stream().map(Question::places).toList(),
                questions.stream().map(Question::target).filter(Objects::nonNull).toList());
    }
}
