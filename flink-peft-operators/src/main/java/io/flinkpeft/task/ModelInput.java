package io.flinkpeft.task;

import io.flinkpeft.model.PackedBatch;
import io.flinkpeft.model.Passage;
import io.flinkpeft.model.Tokens;
import io.flinkpeft.model.Words;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the model reads of a text, and what its outputs should be.
 *
 * @param tokens of the text
 * @param decoder what an encoder-decoder reads beside it; null for other models
 * @param passage the text that the answer is a part of; null for other tasks
 * @param outputPositions the tokens whose hidden states answer, counted from the first one of the
 *     text, or of what the decoder reads; -1 is the last one of a prompt before it; empty if the
 *     text as a whole answers
 * @param targets the right classes, one an output; {@link #NONE} where what is right is not known
 * @param numbers the right numbers where an output is about such, one a label of the head; else
 *     empty
 * @param words where the words are that the outputs are of; null for other tasks
 */
public record ModelInput(
        Tokens tokens,
        Tokens decoder,
        Passage passage,
        int[] outputPositions,
        long[] targets,
        float[] numbers,
        Words words) {

    /** No target. */
    public static final long NONE = -1;

    private static final float[] NO_NUMBERS = {};

    /** What a model reads about classes. */
    ModelInput(
            Tokens tokens,
            Tokens decoder,
            Passage passage,
            int[] outputPositions,
            long[] targets,
            Words words) {
        this(tokens, decoder, passage, outputPositions, targets, NO_NUMBERS, words);
    }

    /** What a model reads that reads the text alone. */
    ModelInput(Tokens tokens, int[] outputPositions, long[] targets) {
        this(tokens, null, null, outputPositions, targets, null);
    }

    /** What an encoder-decoder reads. */
    ModelInput(Tokens tokens, Tokens decoder, int[] outputPositions, long[] targets) {
        this(tokens, decoder, null, outputPositions, targets, null);
    }

    /**
     * The same text about numbers.
     *
     * @param right of its one output; empty if they are not known
     * @param labels how many there are
     */
    ModelInput about(Optional<float[]> right, int labels) {
        return new ModelInput(
                tokens,
                decoder,
                passage,
                outputPositions,
                new long[] {right.isPresent() ? 0 : NONE},
                right.orElseGet(() -> new float[labels]),
                words);
    }

    /** Whether the text, or what the decoder reads, was longer than the limit. */
    public boolean truncated() {
        return tokens.truncated() || (decoder != null && decoder.truncated());
    }

    /** How many outputs the model has for it. */
    public int outputs() {
        return targets.length;
    }

    /** How many of the right outputs are known. */
    public long known() {
        return Arrays.stream(targets).filter(target -> target != NONE).count();
    }

    /**
     * How much each output of texts counts in the loss: the same where its target is known, 1 in
     * all, else nothing.
     */
    static float[] weights(List<ModelInput> inputs) {
        float share = 1f / inputs.stream().mapToLong(ModelInput::known).sum();
        float[] weights = new float[inputs.stream().mapToInt(ModelInput::outputs).sum()];
        int i = 0;
        for (ModelInput input : inputs) {
            for (long target : input.targets) {
                weights[i++] = target == NONE ? 0 : share;
            }
        }
        return weights;
    }

    /** Adds an adapter's texts to a batch of the program. */
    public static void pack(List<ModelInput> inputs, PackedBatch packed) {
        packed.add(
                inputs.stream().map(ModelInput::tokens).toList(),
                inputs.stream().map(ModelInput::outputPositions).toList(),
                inputs.stream().map(ModelInput::decoder).filter(Objects::nonNull).toList());
    }
}
